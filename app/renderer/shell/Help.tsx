import { useText } from '../i18n/language.ts'
import { Dialog } from '../ui/Dialog.tsx'
import { Keys } from '../ui/Keys.tsx'
import styles from './Help.module.css'
import { closeHelp, useHelp } from './help-store.ts'
import { useScopes } from './shortcuts.ts'

/** Every shortcut that works here and now. */
export function Help() {
  const t = useText()
  const { open } = useHelp()
  const { scopes } = useScopes()
  const lists = {
    'ArrowUp+ArrowDown': t('shell.listMove'),
    Enter: t('shell.listOpen'),
    Space: t('shell.listSelect'),
    'Shift+Space': t('shell.listRange'),
    'Mod+A': t('shell.listAll'),
    Escape: t('shell.closeLayer'),
  }
  const groups = [
    ...scopes.map(({ title, shortcuts }) => ({
      title: title || t('shell.anywhere'),
      rows: Object.entries(shortcuts).map(([keys, { label }]) => [keys, label] as const),
    })),
    { title: t('shell.inLists'), rows: Object.entries(lists) },
  ].filter(({ rows }) => rows.length > 0)
  return (
    <Dialog title={t('shell.shortcuts')} open={open} onClose={closeHelp}>
      <div className={styles['groups']}>
        {groups.map(({ title, rows }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two parts of a page may share a title
          <section key={index}>
            <h3 className={styles['title']}>{title}</h3>
            <dl className={styles['rows']}>
              {rows.map(([keys, label]) => (
                <div key={keys} className={styles['row']}>
                  <dt>{label}</dt>
                  <dd>
                    <Keys keys={keys} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  )
}
