import type { DockerState } from '../../../shared/contracts/docker.ts'
import { assertNever, describeError, type ErrorCode } from '../../../shared/errors.ts'
import type { TextKey } from '../../i18n/catalogue.ts'
import { useLanguage, useText } from '../../i18n/language.ts'
import { rpc, useConnection } from '../../rpc/rpc.ts'
import { Button } from '../../ui/Button.tsx'
import { KeyValue, type KeyValueItem } from '../../ui/KeyValue.tsx'
import { Mono } from '../../ui/Mono.tsx'
import { Popover } from '../../ui/Popover.tsx'
import { RelativeTime } from '../../ui/RelativeTime.tsx'
import { type Mark, StateMark } from '../../ui/StateMark.tsx'
import { useDocker } from '../mirror-stores.ts'
import { run } from '../run.ts'
import bar from '../StatusBar.module.css'
import styles from './Status.module.css'

const failedWords = {
  DOCKER_UNREACHABLE: 'shell.dockerUnreachable',
  DOCKER_FORBIDDEN: 'shell.dockerForbidden',
  DOCKER_TOO_OLD: 'shell.dockerTooOld',
} as const satisfies Partial<Record<ErrorCode, TextKey>>

/** Docker's connection in the status bar; a click says which engine, why not, and what to do. */
export function DockerStatus() {
  const t = useText()
  const { state } = useDocker()
  const connected = useConnection() === 'open'
  const { mark, words } =
    connected && state ? inBrief(state) : ({ mark: 'unknown', words: 'shell.dockerUnknown' } as const)
  return (
    <Popover
      title={t('shell.docker')}
      actions={
        connected &&
        state?.kind === 'failed' && (
          <Button onClick={() => void run(rpc.docker.reconnect())}>{t('shell.dockerRetry')}</Button>
        )
      }
      trigger={
        <button type="button" className={bar['item']}>
          {t('shell.docker')} <StateMark state={mark} />
          <span className={bar['text']}>{words ? t(words) : state?.kind === 'ready' ? state.version : ''}</span>
        </button>
      }
    >
      <div className={styles['facts']}>
        {state?.kind === 'failed' && <Failed state={state} />}
        {state && <KeyValue items={factsOf(state, t)} />}
      </div>
    </Popover>
  )
}

function inBrief(state: DockerState): { readonly mark: Mark; readonly words: TextKey | null } {
  switch (state.kind) {
    case 'connecting':
      return { mark: 'busy', words: 'shell.dockerConnecting' }
    case 'ready':
      return { mark: 'ok', words: null }
    case 'failed':
      return { mark: 'fail', words: failedWords[state.code] }
    default:
      return assertNever(state)
  }
}

function Failed({ state }: { readonly state: Extract<DockerState, { kind: 'failed' }> }) {
  const { sentence, advice } = describeError(state.code, state.details, useLanguage())
  return (
    <div className={styles['failed']}>
      <p>{sentence}</p>
      {advice && <p className={styles['advice']}>{advice}</p>}
    </div>
  )
}

function factsOf(state: DockerState, t: (key: TextKey) => string): KeyValueItem[] {
  const endpoint: KeyValueItem = {
    key: 'endpoint',
    label: t('shell.dockerEndpoint'),
    value: <Mono>{state.endpoint}</Mono>,
    copy: state.endpoint,
  }
  switch (state.kind) {
    case 'connecting':
      return [endpoint]
    case 'failed':
      return [
        endpoint,
        { key: 'since', label: t('shell.dockerSince'), value: <RelativeTime time={state.since} /> },
        { key: 'next', label: t('shell.dockerNext'), value: <RelativeTime time={state.retryAt} /> },
      ]
    case 'ready':
      return [
        endpoint,
        { key: 'chosen', label: t('shell.dockerChosenBy'), value: state.chosenBy },
        { key: 'version', label: t('shell.dockerVersion'), value: state.version },
        { key: 'api', label: t('shell.dockerApi'), value: state.apiVersion },
        {
          key: 'system',
          label: t('shell.dockerSystem'),
          value: state.rootless ? `${state.operatingSystem} (${t('shell.dockerRootless')})` : state.operatingSystem,
        },
      ]
    default:
      return assertNever(state)
  }
}
