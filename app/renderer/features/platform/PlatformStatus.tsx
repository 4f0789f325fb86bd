import { conditionOfPort, type PlatformState } from '../../../shared/contracts/platform.ts'
import { useText } from '../../i18n/language.ts'
import { useConnection } from '../../rpc/rpc.ts'
import bar from '../../shell/StatusBar.module.css'
import { LinkButton } from '../../ui/Button.tsx'
import { KeyValue } from '../../ui/KeyValue.tsx'
import { Mono } from '../../ui/Mono.tsx'
import { Popover } from '../../ui/Popover.tsx'
import { StateMark } from '../../ui/StateMark.tsx'
import styles from './Platform.module.css'
import { PlatformSentence } from './PlatformSentence.tsx'
import { usePlatform } from './platform-store.ts'
import { addressOf, briefly, conditionOfPlatform, partWords, portSentence, stateWords } from './platform-words.ts'

/** The local platform in the status bar; a click says how it is and where it answers. */
export function PlatformStatus() {
  const t = useText()
  const known = usePlatform(({ state }) => state)
  const platform = useConnection() === 'open' ? known : null
  return (
    <Popover
      title={t('platform.title')}
      actions={
        <LinkButton variant="quiet" href="#/services/platform">
          {t('platform.goToPage')}
        </LinkButton>
      }
      trigger={
        <button type="button" className={bar['item']}>
          {t('platform.short')} <StateMark state={platform ? conditionOfPlatform(platform) : 'unknown'} />
          <span className={bar['text']}>{platform ? briefly(platform, t) : t('platform.unknown')}</span>
        </button>
      }
    >
      <div className={styles['facts']}>
        {platform ? <Facts platform={platform} /> : <p className={styles['quiet']}>{t('platform.loading')}</p>}
      </div>
    </Popover>
  )
}

function Facts({ platform }: { readonly platform: PlatformState }) {
  const t = useText()
  return (
    <>
      <div className={styles['said']}>
        <strong>{t(stateWords[platform.state.kind])}</strong>
        <PlatformSentence platform={platform} />
      </div>
      <KeyValue
        items={platform.ports.map((port) => ({
          key: port.part,
          label: t(partWords[port.part]),
          value: (
            <span className={styles['line']}>
              <StateMark state={conditionOfPort(platform, port)} label={portSentence(platform, port, t)} />
              <Mono>{`:${port.port}`}</Mono>
              {port.state.kind === 'taken' && portSentence(platform, port, t)}
            </span>
          ),
          copy: addressOf(port),
        }))}
      />
    </>
  )
}
