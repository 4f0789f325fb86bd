import { SendHorizontal, Square } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { type Agent, MOST_SAID } from '../../../shared/contracts/agents.ts'
import { useText } from '../../i18n/language.ts'
import { rpc } from '../../rpc/rpc.ts'
import { run } from '../../shell/run.ts'
import { Button } from '../../ui/Button.tsx'
import { TextArea } from '../../ui/TextArea.tsx'
import styles from './Agents.module.css'
import { say } from './agent-actions.ts'

/** The field to say something: Enter says it, Shift+Enter begins a line. While an answer is made, its button stops it. */
export function Composer({
  agent,
  sessionId,
  busy,
}: {
  readonly agent: Agent
  readonly sessionId: string | null
  readonly busy: boolean
}) {
  const t = useText()
  const [text, setText] = useState('')
  const [sending, setSending] = useState(false)
  const field = useRef<HTMLTextAreaElement>(null)
  useEffect(() => field.current?.focus(), [])
  const words = text.trim()
  const tooLong = words.length > MOST_SAID
  const send = async () => {
    if (words === '' || tooLong || busy || sending) return
    setSending(true)
    if (await say(agent.id, sessionId, words)) setText('')
    setSending(false)
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys are the field's, heard on their way up
    <div
      className={styles['composer']}
      onKeyDown={(event) => {
        // Enter also ends the choice of a Chinese input method; that one is not ours.
        if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
        if (event.target !== field.current) return
        event.preventDefault()
        void send()
      }}
    >
      <TextArea
        ref={field}
        label={t('agents.message', { name: agent.name })}
        placeholder={t('agents.messageHint')}
        rows={3}
        value={text}
        onChange={setText}
      />
      {tooLong && (
        <p role="alert" className={styles['tooLong']}>
          {t('agents.tooLong', { count: words.length, most: MOST_SAID })}
        </p>
      )}
      {busy && sessionId !== null ? (
        <Button icon={Square} onClick={() => void run(rpc.agents.stop({ sessionId }))}>
          {t('agents.stop')}
        </Button>
      ) : (
        <Button
          variant="primary"
          icon={SendHorizontal}
          busy={sending}
          disabled={(words === '' || tooLong) && !sending}
          onClick={() => void send()}
        >
          {t('agents.send')}
        </Button>
      )}
    </div>
  )
}
