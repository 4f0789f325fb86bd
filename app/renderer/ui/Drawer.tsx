import { Maximize2, Minimize2, X } from 'lucide-react'
import { type KeyboardEvent, type PointerEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react'
import { useText } from '../i18n/language.ts'
import { classes } from './classes.ts'
import styles from './Drawer.module.css'
import { IconButton } from './IconButton.tsx'
import { layerIsOpen } from './layers.ts'
import { type Tab, Tabs } from './Tabs.tsx'

const smallest = 360
const largest = 960
const step = 24
/** Kept while the page lives, so that the next drawer is as wide as the operator made the last one. */
const remembered = { width: 480, expanded: false }

export interface DrawerProps {
  readonly title: string
  readonly subtitle?: ReactNode
  /** State marks before the title. */
  readonly marks?: ReactNode
  readonly actions?: ReactNode
  readonly tabs: readonly Tab[]
  /** Key of the tab shown. */
  readonly active: string
  readonly onClose: () => void
  readonly children: ReactNode
}

/** Details beside the list, never over it; ⤢ gives them the whole page. The child of a `SplitView`. */
export function Drawer({ title, subtitle, marks, actions, tabs, active, onClose, children }: DrawerProps) {
  const t = useText()
  const titleId = useId()
  const root = useRef<HTMLElement>(null)
  const [width, setWidth] = useState(remembered.width)
  const [expanded, setExpanded] = useState(remembered.expanded)
  remembered.width = width
  remembered.expanded = expanded
  useReturnedFocus(root)
  useEscape(onClose)

  return (
    <aside
      ref={root}
      aria-labelledby={titleId}
      className={classes(styles['drawer'], expanded && styles['expanded'])}
      style={expanded ? undefined : { width }}
    >
      {!expanded && <Resizer width={width} onWidth={setWidth} label={t('common.resizeDrawer')} />}
      <header className={styles['header']}>
        <div className={styles['heading']}>
          <h2 id={titleId} className={styles['title']} title={title}>
            {marks}
            <span>{title}</span>
          </h2>
          {subtitle && <div className={styles['subtitle']}>{subtitle}</div>}
        </div>
        {actions}
        <IconButton
          icon={expanded ? Minimize2 : Maximize2}
          label={expanded ? t('common.besideList') : t('common.wholePage')}
          onClick={() => setExpanded(!expanded)}
        />
        <IconButton icon={X} label={t('common.close')} shortcut="Escape" onClick={onClose} />
      </header>
      <Tabs tabs={tabs} active={active} label={title} />
      <div className={styles['body']}>{children}</div>
    </aside>
  )
}

function Resizer({
  width,
  onWidth,
  label,
}: {
  readonly width: number
  readonly onWidth: (width: number) => void
  readonly label: string
}) {
  const bounded = (wanted: number) => Math.round(Math.min(largest, Math.max(smallest, wanted)))
  const drag = (event: PointerEvent<HTMLElement>) => {
    if (!event.currentTarget.hasPointerCapture(event.pointerId)) return
    const right = event.currentTarget.parentElement!.getBoundingClientRect().right
    onWidth(bounded(right - event.clientX))
  }
  const press = (event: KeyboardEvent) => {
    const wanted = { ArrowLeft: width + step, ArrowRight: width - step, Home: largest, End: smallest }[event.key]
    if (wanted === undefined) return
    event.preventDefault()
    onWidth(bounded(wanted))
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a separator that moves is no <hr>
    <div
      role="separator"
      aria-orientation="vertical"
      aria-label={label}
      aria-valuenow={width}
      aria-valuemin={smallest}
      aria-valuemax={largest}
      tabIndex={0}
      className={styles['resizer']}
      onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
      onPointerMove={drag}
      onKeyDown={press}
    />
  )
}

/** When the drawer goes, the focus it held goes back to where it was before. */
function useReturnedFocus(root: { readonly current: HTMLElement | null }): void {
  useEffect(() => {
    const before = document.activeElement
    const drawer = root.current
    return () => {
      const held = document.activeElement
      const lost = held === null || held === document.body || drawer?.contains(held)
      if (lost && before instanceof HTMLElement && before.isConnected) before.focus()
    }
  }, [root])
}

function useEscape(onClose: () => void): void {
  const close = useRef(onClose)
  useEffect(() => {
    close.current = onClose
  })
  useEffect(() => {
    const press = (event: globalThis.KeyboardEvent) => {
      // What lies above closes first, and a terminal keeps its own Escape.
      if (event.key === 'Escape' && !event.defaultPrevented && !layerIsOpen(event)) close.current()
    }
    document.addEventListener('keydown', press)
    return () => document.removeEventListener('keydown', press)
  }, [])
}
