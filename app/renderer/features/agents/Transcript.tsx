import { memo, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { type Agent, type Message, MOST_MESSAGES, type Turn } from '../../../shared/contracts/agents.ts'
import { useText } from '../../i18n/language.ts'
import { Button } from '../../ui/Button.tsx'
import { CopyButton } from '../../ui/CopyButton.tsx'
import { Spinner } from '../../ui/Spinner.tsx'
import { StateMark } from '../../ui/StateMark.tsx'
import styles from './Agents.module.css'
import { beginningOf, endOf, type Part, partsOf } from './conversation.ts'
import { Markdown } from './Markdown.tsx'
import { ToolBlock } from './ToolBlock.tsx'
import { Unanswered } from './Unanswered.tsx'

/** So near to the end counts as being there. */
const NEAR = 48

/** What was said, called and answered; it follows the newest words unless the reader went up. */
export function Transcript({
  agent,
  messages,
  turn,
}: {
  readonly agent: Agent
  readonly messages: readonly Message[]
  readonly turn: Turn | null
}) {
  const t = useText()
  const box = useRef<HTMLDivElement>(null)
  const list = useRef<HTMLOListElement>(null)
  const atEnd = useRef(true)
  const top = useRef(0)
  useEffect(() => {
    const grown = new ResizeObserver(() => {
      if (!atEnd.current || !box.current) return
      box.current.scrollTop = box.current.scrollHeight
      // The event that tells of this may come together with that of the reader going up.
      top.current = box.current.scrollTop
    })
    if (list.current) grown.observe(list.current)
    return () => grown.disconnect()
  }, [])
  const [first, setFirst] = useState(() => beginningOf(messages))
  /** How far from the end the reader was when earlier messages were asked for: there it stays. */
  const held = useRef<number | null>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: what comes above pushes the rest down
  useLayoutEffect(() => {
    if (held.current === null || !box.current) return
    box.current.scrollTop = box.current.scrollHeight - held.current
    held.current = null
    atEnd.current = false
    top.current = box.current.scrollTop
    // The button may be gone that had it.
    box.current.focus()
  }, [first])
  const parts = useMemo(() => partsOf(messages.filter(({ number }) => number >= first)), [messages, first])
  const earlier = messages.filter(({ number }) => number < first)

  return (
    <div
      ref={box}
      className={styles['transcript']}
      role="log"
      aria-label={t('agents.transcript', { name: agent.name })}
      aria-busy={turn !== null}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached with the keyboard
      tabIndex={0}
      onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
        const near = scrollHeight - scrollTop - clientHeight < NEAR
        // Words that came before this was told do not take the reader from the end; going up does.
        if (near || scrollTop < top.current) atEnd.current = near
        top.current = scrollTop
      }}
    >
      {earlier.length > 0 && (
        <p className={styles['before']}>
          <Button
            variant="quiet"
            onClick={() => {
              if (box.current) held.current = box.current.scrollHeight - box.current.scrollTop
              setFirst(beginningOf(earlier))
            }}
          >
            {t('agents.showEarlier', { count: earlier.length })}
          </Button>
        </p>
      )}
      {earlier.length === 0 && (messages[0]?.number ?? 1) > 1 && (
        <p className={styles['before']}>{t('agents.notKept', { most: MOST_MESSAGES })}</p>
      )}
      <ol ref={list} className={styles['parts']}>
        {[...parts, ...endOf(messages, turn)].map((part) => (
          <li key={part.key} className={part.kind === 'said' ? styles['mine'] : styles['theirs']}>
            <OnePart part={part} name={agent.name} />
          </li>
        ))}
      </ol>
    </div>
  )
}

const OnePart = memo(function OnePart({ part, name }: { readonly part: Part; readonly name: string }) {
  const t = useText()
  switch (part.kind) {
    case 'said':
      return (
        <>
          <span className={styles['who']}>{t('agents.you')}</span>
          <p className={styles['said']}>{part.text}</p>
        </>
      )
    case 'answered':
      return (
        <>
          <span className={styles['who']}>{name}</span>
          {part.text === '' ? t('agents.nothingSaid') : <Markdown text={part.text} growing={part.by === null} />}
          {part.by && (
            <span className={styles['by']}>
              {part.by.model} · {part.by.vendor}
              {part.text !== '' && <CopyButton text={part.text} label={t('agents.copyText')} />}
            </span>
          )}
        </>
      )
    case 'called':
      return <ToolBlock call={part.call} />
    case 'calling':
      return (
        <p className={styles['busy']} role="status">
          <Spinner /> {t('agents.calling', { name: part.wish.name })}
        </p>
      )
    case 'waiting':
      return (
        <p className={styles['busy']} role="status">
          <Spinner /> {t('agents.waiting')}
        </p>
      )
    case 'failed':
      return <Unanswered failure={part.failure} />
    case 'interrupted':
      return (
        <p className={styles['busy']}>
          <StateMark state="unknown" /> {t('agents.interrupted')}
        </p>
      )
  }
})
