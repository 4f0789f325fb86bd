import { Dialog } from '@base-ui/react/dialog'
import { Search } from 'lucide-react'
import { type KeyboardEvent, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react'
import { useText } from '../../i18n/language.ts'
import { classes } from '../../ui/classes.ts'
import { Keys } from '../../ui/Keys.tsx'
import type { PaletteItem } from '../actions.ts'
import styles from './Palette.module.css'
import { paletteItems } from './palette-items.ts'
import { closePalette, recentKeys, rememberKey, usePalette } from './palette-store.ts'
import { indexItems, rank } from './rank.ts'

const limit = 50

/** One field for everything: pages, services, actions. */
export function Palette() {
  const t = useText()
  const { open } = usePalette()
  const input = useRef<HTMLInputElement>(null)
  return (
    <Dialog.Root open={open} onOpenChange={(next) => !next && closePalette()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={styles['backdrop']} />
        <Dialog.Popup className={styles['popup']} data-layer="" aria-label={t('shell.palette')} initialFocus={input}>
          <Content input={input} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

function Content({ input }: { readonly input: React.RefObject<HTMLInputElement | null> }) {
  const t = useText()
  const [query, setQuery] = useState('')
  const [chosen, setChosen] = useState(0)
  const index = useMemo(() => indexItems(paletteItems(t)), [t])
  const recent = useMemo(recentKeys, [])
  const asked = useDeferredValue(query)
  const { items, more } = useMemo(() => rank(index, asked.trim(), recent, limit), [index, asked, recent])
  const current = items[Math.min(chosen, items.length - 1)]
  // At once: the dialog itself does it a frame later, and what is typed until then would be lost.
  useEffect(() => input.current?.focus(), [input])

  const choose = (item: PaletteItem | undefined) => {
    if (!item) return
    rememberKey(item.key)
    closePalette()
    // After the palette has given the focus back: an action that opens a dialog keeps its own.
    setTimeout(item.run)
  }
  const press = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    const last = items.length - 1
    const at = Math.min(chosen, last)
    const next = {
      ArrowDown: at === last ? 0 : at + 1,
      ArrowUp: at === 0 ? last : at - 1,
      PageDown: Math.min(last, at + 8),
      PageUp: Math.max(0, at - 8),
    }[event.key]
    if (next !== undefined) setChosen(next)
    // Typed faster than listed: what counts is what stands in the field.
    else if (event.key === 'Enter') choose(query === asked ? current : rank(index, query.trim(), recent, 1).items[0])
    else return
    event.preventDefault()
  }
  const idOf = (item: PaletteItem) => `palette-${items.indexOf(item)}`

  return (
    <>
      <div className={styles['field']}>
        <Search size={16} strokeWidth={1.5} aria-hidden />
        <input
          ref={input}
          role="combobox"
          aria-label={t('shell.palette')}
          aria-expanded="true"
          aria-controls="palette-list"
          aria-autocomplete="list"
          aria-activedescendant={current ? idOf(current) : undefined}
          placeholder={t('shell.paletteHint')}
          value={query}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => {
            setQuery(event.target.value)
            setChosen(0)
          }}
          onKeyDown={press}
        />
      </div>
      <div id="palette-list" role="listbox" aria-label={t('shell.palette')} className={styles['list']}>
        {items.map((item, at) => (
          <Option
            key={item.key}
            id={idOf(item)}
            item={item}
            current={item === current}
            recent={asked === '' && recent.includes(item.key)}
            onPoint={() => setChosen(at)}
            onChoose={() => choose(item)}
          />
        ))}
      </div>
      <p className={styles['foot']} role="status">
        {items.length === 0
          ? t('shell.paletteNone', { query: asked.trim() })
          : more
            ? t('shell.paletteMore', { count: items.length })
            : t('shell.paletteCount', { count: items.length })}
      </p>
    </>
  )
}

function Option(props: {
  readonly id: string
  readonly item: PaletteItem
  readonly current: boolean
  readonly recent: boolean
  readonly onPoint: () => void
  readonly onChoose: () => void
}) {
  const { item, current } = props
  const t = useText()
  const element = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (current) element.current?.scrollIntoView({ block: 'nearest' })
  }, [current])
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field above answers the keys of the list
    // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the field (aria-activedescendant)
    <div
      ref={element}
      id={props.id}
      role="option"
      aria-selected={current}
      className={classes(styles['option'], current && styles['current'])}
      onPointerMove={props.onPoint}
      onClick={props.onChoose}
    >
      {item.icon ? <item.icon size={16} strokeWidth={1.5} aria-hidden /> : <span className={styles['space']} />}
      <span className={styles['label']}>{item.label}</span>
      <span className={styles['hint']}>{props.recent ? t('shell.recent') : item.hint}</span>
      {item.shortcut && <Keys keys={item.shortcut} />}
    </div>
  )
}
