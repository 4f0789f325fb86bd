import { ChevronRight } from 'lucide-react'
import { memo, useState } from 'react'
import type { ToolCall } from '../../../shared/contracts/agents.ts'
import { describeError, knownCode } from '../../../shared/errors.ts'
import { useLanguage, useText } from '../../i18n/language.ts'
import { CopyButton } from '../../ui/CopyButton.tsx'
import { duration } from '../../ui/format.ts'
import { Mono } from '../../ui/Mono.tsx'
import { StateMark } from '../../ui/StateMark.tsx'
import styles from './Agents.module.css'
import { pretty } from './conversation.ts'

/** A tool that was called: its name, what it was given, how long it took; folded away what it answered. */
export const ToolBlock = memo(function ToolBlock({ call }: { readonly call: ToolCall }) {
  const t = useText()
  const language = useLanguage()
  const [open, setOpen] = useState(false)
  const { name, plugin, operation, durationMs, failure } = call
  return (
    <details className={styles['tool']} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>
        <StateMark state={failure ? 'fail' : 'ok'} label={t(failure ? 'agents.toolFailed' : 'agents.toolAnswered')} />
        <span className={styles['toolName']}>
          {plugin === null ? <Mono>{name}</Mono> : `${plugin} · `}
          {operation !== null && <Mono>{operation}</Mono>}
        </span>
        <span className={styles['given']}>{call.arguments.slice(0, 200)}</span>
        <span className={styles['facts']}>{duration(durationMs, language)}</span>
        <ChevronRight size={16} strokeWidth={1.5} aria-hidden />
      </summary>
      {/* Texts may be long, and most of them are never looked at. */}
      {open && (
        <>
          {failure && (
            <p className={styles['why']}>
              {describeError(knownCode(failure.code), failure.details, language).sentence}
            </p>
          )}
          <Text title={t('agents.arguments')} copy={t('agents.copyArguments', { name })} text={call.arguments} />
          <Text title={t('agents.answer')} copy={t('agents.copyAnswer', { name })} text={call.answer} />
        </>
      )}
    </details>
  )
})

function Text({ title, copy, text }: { readonly title: string; readonly copy: string; readonly text: string }) {
  return (
    <div className={styles['text']}>
      <div className={styles['textHead']}>
        <h3>{title}</h3>
        <CopyButton text={text} label={copy} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached with the keyboard */}
      <pre tabIndex={0}>{pretty(text) || '{}'}</pre>
    </div>
  )
}
