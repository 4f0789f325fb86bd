import { Power, RotateCw } from 'lucide-react'
import { conditionOfPort, type PlatformPort, type PlatformState } from '../../../shared/contracts/platform.ts'
import { useLanguage, useText } from '../../i18n/language.ts'
import { rpc } from '../../rpc/rpc.ts'
import { useSettings } from '../../shell/mirror-stores.ts'
import { run } from '../../shell/run.ts'
import { usePageTitle } from '../../shell/title.ts'
import { Button, LinkButton } from '../../ui/Button.tsx'
import { CopyButton } from '../../ui/CopyButton.tsx'
import { Mono } from '../../ui/Mono.tsx'
import { SkeletonRows } from '../../ui/SkeletonRows.tsx'
import { StateMark } from '../../ui/StateMark.tsx'
import styles from './Platform.module.css'
import { PlatformSentence } from './PlatformSentence.tsx'
import { usePlatform } from './platform-store.ts'
import { addressOf, commandsOf, conditionOfPlatform, partWords, portSentence, stateWords } from './platform-words.ts'

/** The local platform: how it is, where it answers, and what to type to try it. */
export function PlatformPage() {
  const t = useText()
  const platform = usePlatform(({ state }) => state)
  usePageTitle(t('platform.title'))
  if (!platform) return <SkeletonRows />
  return (
    <div className={styles['page']}>
      <Head platform={platform} />
      {platform.ports.length > 0 && <Ports platform={platform} />}
      {platform.ports.length > 0 && <Commands platform={platform} />}
    </div>
  )
}

function Head({ platform }: { readonly platform: PlatformState }) {
  const t = useText()
  const { kind } = platform.state
  return (
    <section className={styles['head']} aria-labelledby="platform-state">
      <div className={styles['what']}>
        <h2 id="platform-state" className={styles['line']}>
          <StateMark state={conditionOfPlatform(platform)} />
          {t(stateWords[kind])}
        </h2>
        <PlatformSentence platform={platform} />
        {platform.crashes > 0 && (
          <p className={styles['quiet']}>{t('platform.crashes', { count: platform.crashes })}</p>
        )}
        <p className={styles['quiet']}>{t('platform.intro')}</p>
        {kind !== 'stopped' && (
          <p className={styles['quiet']}>
            {t(platform.openLocalMode ? 'platform.openMode' : 'platform.closedMode')}{' '}
            <a href="#/settings/localPlatform">{t('platform.openSettings')}</a>
          </p>
        )}
      </div>
      <div className={styles['actions']}>{kind === 'stopped' ? <TurnOn /> : <Restart kind={kind} />}</div>
    </section>
  )
}

function Restart({ kind }: { readonly kind: PlatformState['state']['kind'] }) {
  const t = useText()
  const busy = kind === 'restarting' || kind === 'starting'
  return (
    <>
      <Button
        icon={RotateCw}
        busy={busy}
        title={t('platform.restartHint')}
        onClick={() => void run(rpc.platform.restart())}
      >
        {t(kind === 'crashed' ? 'platform.restartNow' : 'platform.restart')}
      </Button>
      <span className={styles['quiet']}>{kind === 'running' && t('platform.restartHint')}</span>
    </>
  )
}

function TurnOn() {
  const t = useText()
  const off = useSettings(({ settings }) => settings.platformPorts.kind === 'off')
  return (
    <>
      {off && (
        <Button
          variant="primary"
          icon={Power}
          onClick={() => void run(rpc.settings.set({ platformPorts: { kind: 'default' } }))}
        >
          {t('platform.turnOn')}
        </Button>
      )}
      <LinkButton variant="quiet" href="#/settings/localPlatform">
        {t('platform.openSettings')}
      </LinkButton>
    </>
  )
}

function Ports({ platform }: { readonly platform: PlatformState }) {
  const t = useText()
  return (
    <section className={styles['ports']}>
      <table className={styles['table']} aria-label={t('platform.title')}>
        <thead>
          <tr>
            <th scope="col">{t('platform.part')}</th>
            <th scope="col">{t('platform.state')}</th>
            <th scope="col">{t('platform.address')}</th>
            <th scope="col" className={styles['number']}>
              {t('platform.rate')}
            </th>
            <th scope="col" className={styles['number']}>
              {t('platform.requests')}
            </th>
          </tr>
        </thead>
        <tbody>
          {platform.ports.map((port) => (
            <PortRow key={port.part} platform={platform} port={port} />
          ))}
        </tbody>
      </table>
      <p className={styles['quiet']}>{t('platform.figures')}</p>
    </section>
  )
}

function PortRow({ platform, port }: { readonly platform: PlatformState; readonly port: PlatformPort }) {
  const t = useText()
  const language = useLanguage()
  const name = t(partWords[port.part])
  const address = addressOf(port)
  const condition = conditionOfPort(platform, port)
  const answers = condition === 'ok'
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>
        <span className={styles['line']}>
          <StateMark state={condition} /> {portSentence(platform, port, t)}
        </span>
      </td>
      <td>
        <span className={styles['address']} data-off={!answers || undefined}>
          <Mono>{address}</Mono>
          <CopyButton text={address} label={t('platform.copyAddress', { name })} />
        </span>
      </td>
      <td className={styles['number']}>{answers ? rate(port.requestsPerSecond, language) : '–'}</td>
      <td className={styles['number']}>{port.requests.toLocaleString(language)}</td>
    </tr>
  )
}

const rate = (value: number, language: string): string =>
  value.toLocaleString(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 })

function Commands({ platform }: { readonly platform: PlatformState }) {
  const t = useText()
  return (
    <section className={styles['commands']} aria-labelledby="platform-commands">
      <h2 id="platform-commands">{t('platform.commands')}</h2>
      <dl>
        {commandsOf(platform).map(({ name, text }) => (
          <div key={name}>
            <dt>{t(name)}</dt>
            <dd>
              <Mono>{text}</Mono>
              <CopyButton text={text} label={t('platform.copyCommand', { name: t(name) })} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
