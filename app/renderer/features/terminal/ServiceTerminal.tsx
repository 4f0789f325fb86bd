import { SquareTerminal } from 'lucide-react'
import { useRef, useState } from 'react'
import type { Service } from '../../../shared/contracts/services.ts'
import { describeError } from '../../../shared/errors.ts'
import { useLanguage, useText } from '../../i18n/language.ts'
import { Banner } from '../../ui/Banner.tsx'
import { Button } from '../../ui/Button.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ErrorState } from '../../ui/ErrorState.tsx'
import { TextField } from '../../ui/TextField.tsx'
import styles from './ServiceTerminal.module.css'
import { splitCommand } from './split-command.ts'
import { useTerminal } from './use-terminal.ts'

/** The Terminal tab of a service: a shell in it, or a command of the operator's choice. */
export function ServiceTerminal({ service }: { readonly service: Service }) {
  const t = useText()
  const [typed, setTyped] = useState('')
  const [command, setCommand] = useState<readonly string[] | null>(null)
  const [round, setRound] = useState(0)
  const words = splitCommand(typed)
  const start = () => {
    if (words === null) return
    setCommand(words.length > 0 ? words : null)
    setRound(round + 1)
  }
  // An opened terminal stays on screen with its last output when the service stops under it.
  const [begun, setBegun] = useState(service.state.kind === 'running')
  if (!begun && service.state.kind === 'running') setBegun(true)
  if (!begun) return <EmptyState icon={SquareTerminal} title={t('terminal.notRunning', { name: service.name })} />
  return (
    <div className={styles['terminal']}>
      <div className={styles['bar']}>
        <div className={styles['command']}>
          <TextField
            label={t('terminal.command')}
            hideLabel
            mono
            placeholder={t('terminal.commandPlaceholder')}
            value={typed}
            onChange={setTyped}
            onEnter={start}
            error={words === null ? t('terminal.openQuote') : null}
          />
        </div>
        <Button onClick={start} disabled={words === null}>
          {t('terminal.start')}
        </Button>
      </div>
      <TerminalBox key={`${service.id} ${round}`} service={service} command={command} />
    </div>
  )
}

function TerminalBox({ service, command }: { readonly service: Service; readonly command: readonly string[] | null }) {
  const t = useText()
  const language = useLanguage()
  const box = useRef<HTMLDivElement>(null)
  const { state, again } = useTerminal(box, service.id, command)
  const openAgain = <Button onClick={again}>{t('terminal.again')}</Button>
  return (
    <>
      {state.kind === 'ended' && (
        <Banner tone={state.exitCode === 0 ? 'info' : 'warn'} action={openAgain}>
          {state.exitCode === null ? t('terminal.ended') : t('terminal.endedWith', { code: String(state.exitCode) })}
        </Banner>
      )}
      {state.kind === 'failed' && (
        <ErrorState
          code={state.error.code}
          {...describeError(state.error.code, state.error.details, language)}
          action={openAgain}
        />
      )}
      {/* biome-ignore lint/a11y/useSemanticElements: a terminal is no fieldset */}
      <div
        ref={box}
        role="group"
        aria-label={t('terminal.of', { name: service.name })}
        aria-busy={state.kind === 'opening'}
        className={state.kind === 'failed' ? styles['hidden'] : styles['box']}
        data-keeps-keys=""
      />
    </>
  )
}
