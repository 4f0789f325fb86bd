import { useVirtualizer } from '@tanstack/react-virtual'
import { ChevronDown, ChevronRight } from 'lucide-react'
import { type KeyboardEvent, useId, useMemo, useRef, useState } from 'react'
import type { Json } from '../../../../shared/contracts/plugin-calls.ts'
import { useText } from '../../../i18n/language.ts'
import { classes } from '../../../ui/classes.ts'
import styles from './JsonTree.module.css'
import { type JsonLine, linesOf } from './json-lines.ts'

const LINE = 18
/** Characters of one text that are shown; the whole is in the copy and in the raw text. */
const mostOfText = 1000

/**
 * JSON in lines of which only those on screen are in the page. One stop for Tab; the arrows move, left folds, right
 * unfolds.
 */
export function JsonTree({
  value,
  folded,
  onFold,
  label,
}: {
  readonly value: Json
  /** Pointers of what is shown in one line. */
  readonly folded: ReadonlySet<string>
  readonly onFold: (folded: ReadonlySet<string>) => void
  readonly label: string
}) {
  const id = useId()
  const scroller = useRef<HTMLDivElement>(null)
  const lines = useMemo(() => linesOf(value, folded), [value, folded])
  const [at, setAt] = useState(0)
  const current = Math.min(at, lines.length - 1)
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => LINE,
    overscan: 20,
  })
  const fold = (line: JsonLine, shut: boolean) => {
    const next = new Set(folded)
    if (shut) next.add(line.id)
    else next.delete(line.id)
    onFold(next)
  }
  const move = (index: number) => {
    const next = Math.max(0, Math.min(lines.length - 1, index))
    setAt(next)
    virtual.scrollToIndex(next, { align: 'auto' })
  }
  const press = (event: KeyboardEvent) => {
    const line = lines[current]
    if (!line || event.ctrlKey || event.metaKey || event.altKey) return
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? LINE) / LINE) - 1)
    const moves: Record<string, () => void> = {
      ArrowDown: () => move(current + 1),
      ArrowUp: () => move(current - 1),
      PageDown: () => move(current + page),
      PageUp: () => move(current - page),
      Home: () => move(0),
      End: () => move(lines.length - 1),
      ArrowLeft: () => (line.open === true ? fold(line, true) : move(parentOf(lines, current))),
      ArrowRight: () => (line.open === false ? fold(line, false) : line.open === true && move(current + 1)),
      Enter: () => line.open !== null && fold(line, line.open),
    }
    const does = moves[event.key]
    if (!does) return
    event.preventDefault()
    does()
  }
  const items = virtual.getVirtualItems()
  return (
    <div
      ref={scroller}
      role="tree"
      aria-label={label}
      aria-activedescendant={`${id}-${current}`}
      tabIndex={0}
      className={styles['tree']}
      onKeyDown={press}
    >
      <div role="presentation" className={styles['all']} style={{ height: virtual.getTotalSize() }}>
        {items.map(({ index, start }) => {
          const line = lines[index]
          return (
            line && (
              <Line
                key={line.id}
                id={`${id}-${index}`}
                line={line}
                top={start}
                current={index === current}
                onPress={() => setAt(index)}
                onFold={() => line.open !== null && fold(line, line.open)}
              />
            )
          )
        })}
      </div>
    </div>
  )
}

const parentOf = (lines: readonly JsonLine[], index: number): number => {
  const depth = lines[index]?.depth ?? 0
  const above = lines.slice(0, index).findLastIndex((line) => line.depth < depth)
  return above < 0 ? index : above
}

function Line({
  id,
  line,
  top,
  current,
  onPress,
  onFold,
}: {
  readonly id: string
  readonly line: JsonLine
  readonly top: number
  readonly current: boolean
  readonly onPress: () => void
  readonly onFold: () => void
}) {
  const t = useText()
  const { name, text, kind, open, count, comma, depth } = line
  const Chevron = open ? ChevronDown : ChevronRight
  const cut = text.length > mostOfText
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree answers the keys of all its lines
    // biome-ignore lint/a11y/useFocusableInteractive: the tree holds the focus and names the current line
    <div
      id={id}
      role="treeitem"
      aria-level={depth + 1}
      aria-expanded={open ?? undefined}
      className={classes(styles['line'], current && styles['current'])}
      style={{ transform: `translateY(${top}px)`, paddingLeft: Math.min(depth, 24) * 14 + 4 }}
      onClick={() => {
        onPress()
        // A text that was just selected is to be copied, not folded.
        if (open !== null && getSelection()?.isCollapsed !== false) onFold()
      }}
    >
      <span className={styles['chevron']}>{open !== null && <Chevron size={12} strokeWidth={1.5} aria-hidden />}</span>
      {name !== null && (
        <>
          <span className={styles['name']}>{name}</span>
          <span className={styles['sign']}>: </span>
        </>
      )}
      <span className={styles[kind]}>{cut ? text.slice(0, mostOfText) : text}</span>
      {cut && <span className={styles['note']}>{t('tryIt.moreCharacters', { count: text.length - mostOfText })}</span>}
      {comma && <span className={styles['sign']}>,</span>}
      {count > 0 && <span className={styles['note']}>{t('tryIt.entries', { count })}</span>}
    </div>
  )
}
