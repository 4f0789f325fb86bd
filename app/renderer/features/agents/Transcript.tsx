import { useLayoutEffect, useRef } from 'react'
import type { Agent, Message, Turn } from '../../../shared/contracts/agents.ts'
import type { Failure } from '../../../shared/contracts/tasks.ts'
import { describeError, knownCode } from '../../../shared/errors.ts'
import { useLanguage, useText } from '../../i18n/language.ts'
import { LinkButton } from '../../ui/Button.tsx'
import { Spinner } from '../../ui/Spinner.tsx'
import { StateMark } from '../../ui/StateMark.tsx'
import styles from './Agents.module.css'
import { type Part, partsOf } from './conversation.ts'
import { ToolBlock } from './ToolBlock.tsx'

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
  const atEnd = useRef(true)
  // biome-ignore lint/correctness/useExhaustiveDependencies: whatever comes makes it longer
  useLayoutEffect(() => {
    if (atEnd.current && box.current) box.current.scrollTop = box.current.scrollHeight
  }, [messages, turn])
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
        atEnd.current = scrollHeight - scrollTop - clientHeight < NEAR
      }}
    >
      <ol className={styles['parts']}>
        {partsOf(messages, turn).map((part) => (
          <li key={part.key} className={part.kind === 'said' ? styles['mine'] : styles['theirs']}>
            <OnePart part={part} agent={agent} />
          </li>
        ))}
      </ol>
    </div>
  )
}

function OnePart({ part, agent }: { readonly part: Part; readonly agent: Agent }) {
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
          <span className={styles['who']}>{agent.name}</span>
          <p className={styles['answer']}>{part.text || t('agents.nothingSaid')}</p>
          {part.by && (
            <span className={styles['facts']}>
              {part.by.model} · {part.by.vendor}
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
}

/** What the model, its vendor or the rules of its feature are at fault for. */
const routed = new Set(['NO_CANDIDATE', 'VENDOR_FAILED', 'VENDOR_CANNOT', 'MODEL_UNKNOWN', 'FEATURE_NOT_FOUND'])

function Unanswered({ failure }: { readonly failure: Failure }) {
  const t = useText()
  const language = useLanguage()
  const code = knownCode(failure.code)
  if (code === 'CANCELLED')
    return (
      <p className={styles['busy']}>
        <StateMark state="stopped" /> {t('agents.stopped')}
      </p>
    )
  const { sentence, advice } = describeError(code, failure.details, language)
  return (
    <div className={styles['failed']} role="alert">
      <StateMark state="fail" label={t('agents.failed')} />
      <div>
        <p>{sentence}</p>
        {advice && <p>{advice}</p>}
        <code>{failure.code}</code>
      </div>
      {routed.has(failure.code) && <LinkButton href="#/routing">{t('agents.openRouting')}</LinkButton>}
    </div>
  )
}
