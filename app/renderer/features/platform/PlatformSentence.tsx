import type { PlatformState } from '../../../shared/contracts/platform.ts'
import type { Failure } from '../../../shared/contracts/tasks.ts'
import { assertNever, describeError, knownCode } from '../../../shared/errors.ts'
import { useLanguage, useText } from '../../i18n/language.ts'
import { useSettings } from '../../shell/mirror-stores.ts'
import { CopyButton } from '../../ui/CopyButton.tsx'
import { dateTime, duration } from '../../ui/format.ts'
import { useNow } from '../../ui/use-now.ts'
import styles from './Platform.module.css'
import { takenPorts } from './platform-words.ts'

/** What its state means for who uses it, and what to do where something is to be done. */
export function PlatformSentence({ platform }: { readonly platform: PlatformState }) {
  const t = useText()
  const language = useLanguage()
  const off = useSettings(({ settings }) => settings.platformPorts.kind === 'off')
  const { state } = platform
  switch (state.kind) {
    case 'starting':
      return <p>{t('platform.startingText')}</p>
    case 'restarting':
      return <p>{t('platform.restartingText')}</p>
    case 'stopped':
      return <p>{t(off ? 'platform.stoppedText' : 'platform.stoppedFlag')}</p>
    case 'crashed':
      return <Crashed failure={state.failure} retryAt={state.retryAt} />
    case 'running': {
      const taken = takenPorts(platform).length
      const count = platform.ports.length
      return (
        <>
          <p>
            {t('platform.runningSince', { time: dateTime(state.since, language) })}{' '}
            {taken > 0
              ? t('platform.runningSome', { listening: count - taken, count })
              : t('platform.runningAll', { count })}
          </p>
          {taken > 0 && (
            <p>
              {t('platform.takenAdvice')} <a href="#/settings/localPlatform">{t('platform.changePorts')}</a>
            </p>
          )}
        </>
      )
    }
    default:
      return assertNever(state)
  }
}

function Crashed({ failure, retryAt }: { readonly failure: Failure; readonly retryAt: number }) {
  const t = useText()
  const language = useLanguage()
  const left = retryAt - useNow('second')
  // Its advice is to look here and to wait, which the line below says better.
  const { sentence } = describeError(knownCode(failure.code), failure.details, language)
  return (
    <>
      <p>
        {sentence} <span className={styles['code']}>{failure.code}</span>
        <CopyButton
          text={`${failure.code}\n${sentence}\n${JSON.stringify(failure.details)}`}
          label={t('common.copyDetails')}
        />
      </p>
      <p>{left > 0 ? t('platform.crashedText', { time: duration(left, language) }) : t('platform.crashedNow')}</p>
    </>
  )
}
