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
    ArrowUp: { label: t('shell.listMove') },
    ArrowDown: { label: t('shell.listMove') },
    Enter: { label: t('shell.listOpen') },
    Space: { label: t('shell.listSelect') },
    'Shift+Space': { label: t('shell.listRange') },
    'Mod+A': { label: t('shell.listAll') },
    Escape: { label: t('shell.closeLayer') },
  }
  const groups = [
    ...scopes.map(({ title, shortcuts }) => ({
      title: title || t('shell.anywhere'),
      rows: rowsOf(shortcuts),
    })),
    { title: t('shell.inLists'), rows: rowsOf(lists) },
  ].filter(({ rows }) => rows.length > 0)
  return (
    <Dialog title={t('shell.shortcuts')} open={open} onClose={closeHelp}>
      <div className={styles['groups']}>
        {groups.map(({ title, rows }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two parts of a page may share a title
          <section key={index}>
            <h3 className={styles['title']}>{title}</h3>
            <dl className={styles['rows']}>
              {rows.map(([label, keys]) => (
                <div key={label} className={styles['row']}>
                  <dt>{label}</dt>
                  <dd>
                    {keys.map((one) => (
                      <Keys key={one} keys={one} />
                    ))}
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

/** Each thing once, with every key that does it. */
const rowsOf = (shortcuts: Readonly<Record<string, { readonly label: string }>>): (readonly [string, string[]])[] => [
  ...Map.groupBy(Object.keys(shortcuts), (keys) => shortcuts[keys]!.label),
]
