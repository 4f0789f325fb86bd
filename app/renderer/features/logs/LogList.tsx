import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowDown } from 'lucide-react'
import { type Ref, useEffect, useImperativeHandle, useLayoutEffect, useRef, useState } from 'react'
import { useText } from '../../i18n/language.ts'
import { Button } from '../../ui/Button.tsx'
import { LogLine, LogMark } from './LogLine.tsx'
import styles from './LogList.module.css'
import type { LogOptions } from './log-options.ts'
import type { LogRow } from './log-rows.ts'
import { firstAfter } from './log-search.ts'

const LINE = 18
const MARK = 22
/** Closer to the end than this (px) is at the end: then new lines are followed. */
const END = 24
/** A scroll this soon (ms) after a wheel, a key or a touch is the operator's; any other is the list growing. */
const OWN_SCROLL = 300

export interface LogListHandle {
  /** Brings a row into the middle of the view. */
  show(seq: number): void
  /** The first row on screen. */
  firstSeq(): number
}

/** The lines on screen and none else; follows the newest until the operator scrolls up. */
export function LogList(props: {
  readonly rows: readonly LogRow[]
  readonly options: LogOptions
  readonly places: ReadonlyMap<number, readonly number[]>
  readonly current: number | null
  readonly onPick: (seq: number) => void
  readonly label: string
  readonly ref: Ref<LogListHandle>
}) {
  const { rows, options, places, current, onPick, label, ref } = props
  const t = useText()
  const scroller = useRef<HTMLDivElement>(null)
  const [atEnd, setAtEnd] = useState(true)
  // In a flood the end is further away than we have scrolled yet: only the operator's own scrolling stops following.
  const following = useRef(true)
  const moved = useRef(Number.NEGATIVE_INFINITY)
  const held = useRef(false)
  const follow = (on: boolean) => {
    following.current = on
    setAtEnd(on)
  }
  const note = () => {
    moved.current = performance.now()
  }
  const [seen, setSeen] = useState(0)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (rows[index]?.kind === 'line' ? LINE : MARK),
    getItemKey: (index) => rows[index]?.seq ?? index,
    overscan: 12,
    // Keeps the line that is read in its place while older ones are dropped above it, and the end in view while at it.
    anchorTo: 'end',
    followOnAppend: true,
    scrollEndThreshold: END,
  })
  const lastSeq = rows.at(-1)?.seq ?? 0

  // biome-ignore lint/correctness/useExhaustiveDependencies: other heights make all measurements void
  useEffect(() => virtual.measure(), [options.wrap])
  // biome-ignore lint/correctness/useExhaustiveDependencies: every new line moves the end
  useLayoutEffect(() => {
    if (following.current) virtual.scrollToEnd()
  }, [virtual, lastSeq])
  useEffect(() => {
    if (atEnd) setSeen(lastSeq)
  }, [atEnd, lastSeq])
  useImperativeHandle(ref, () => ({
    show: (seq) => {
      note()
      virtual.scrollToIndex(Math.max(0, firstAfter(rows, seq - 1)), { align: 'center' })
    },
    firstSeq: () => rows[virtual.range?.startIndex ?? 0]?.seq ?? 0,
  }))

  const unseen = atEnd ? 0 : rows.length - firstAfter(rows, seen)
  const items = virtual.getVirtualItems()
  return (
    <div className={styles['box']}>
      <div
        ref={scroller}
        className={styles['scroller']}
        role="log"
        aria-live="off"
        aria-label={label}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: scrolled by the keys of the keyboard
        tabIndex={0}
        data-wrap={options.wrap}
        onWheel={note}
        onKeyDown={note}
        onTouchMove={note}
        onPointerDown={() => {
          held.current = true
        }}
        onPointerUp={() => {
          held.current = false
          note()
        }}
        onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
          if (scrollHeight - scrollTop - clientHeight <= END) follow(true)
          else if (held.current || performance.now() - moved.current < OWN_SCROLL) follow(false)
        }}
      >
        <div className={styles['all']} style={{ height: virtual.getTotalSize() }}>
          <div className={styles['shown']} style={{ transform: `translateY(${items[0]?.start ?? 0}px)` }}>
            {items.map((item) => {
              const row = rows[item.index]
              if (!row) return null
              return (
                <div key={item.key} data-index={item.index} ref={options.wrap ? virtual.measureElement : undefined}>
                  {row.kind === 'line' ? (
                    <LogLine
                      row={row}
                      options={options}
                      places={places.get(row.seq)}
                      current={row.seq === current}
                      onPick={onPick}
                    />
                  ) : (
                    <LogMark row={row} />
                  )}
                </div>
              )
            })}
          </div>
        </div>
      </div>
      {!atEnd && (
        <div className={styles['end']}>
          <Button
            icon={ArrowDown}
            onClick={() => {
              follow(true)
              virtual.scrollToEnd()
            }}
          >
            {unseen > 0 ? t('logs.newLines', { count: unseen }) : t('logs.toEnd')}
          </Button>
        </div>
      )}
    </div>
  )
}
