import styles from './Header.module.css'

export function Header({ title }: { readonly title: string }) {
  return (
    <header className={styles['header']}>
      <h1 className={styles['title']}>{title}</h1>
    </header>
  )
}
