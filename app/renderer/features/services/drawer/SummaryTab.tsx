import { Unplug } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { conditionOf, type Service, type ServiceDetails } from '../../../../shared/contracts/services.ts'
import { quote } from '../../../../shared/shell-quote.ts'
import { useText } from '../../../i18n/language.ts'
import { useDocker } from '../../../shell/mirror-stores.ts'
import { Button } from '../../../ui/Button.tsx'
import { Clamped } from '../../../ui/Clamped.tsx'
import { classes } from '../../../ui/classes.ts'
import { IconButton } from '../../../ui/IconButton.tsx'
import { KeyValue, type KeyValueItem } from '../../../ui/KeyValue.tsx'
import { Mono } from '../../../ui/Mono.tsx'
import { RelativeTime } from '../../../ui/RelativeTime.tsx'
import { canDo } from '../action-rules.ts'
import { PolicyForm, policySentence } from '../PolicyForm.tsx'
import { engineHost } from '../port-links.ts'
import { PortsCell } from '../ServiceCells.tsx'
import { act, ask } from '../service-actions.ts'
import { causeSentence, stateSentence } from '../service-words.ts'
import styles from './Drawer.module.css'
import { Usage } from './Usage.tsx'

interface TabProps {
  readonly service: Service
  readonly details: ServiceDetails
  readonly gone: boolean
}

/** How it is, why, and what it is made of. */
export function SummaryTab({ service, details, gone }: TabProps) {
  const t = useText()
  const cause = gone ? null : causeSentence(service, t)
  const condition = conditionOf(service)
  const host = useDocker(({ state }) => engineHost(state?.endpoint ?? ''))
  const facts: (KeyValueItem | null)[] = [
    gone
      ? null
      : fact('state', t('services.state'), <span className={styles[condition]}>{stateSentence(service, t)}</span>),
    cause === null ? null : fact('cause', t('services.cause'), cause),
    details.error === '' ? null : fact('error', t('services.engineError'), <Mono>{details.error}</Mono>, details.error),
    details.exitCode === null || service.state.kind === 'running'
      ? null
      : fact(
          'exit',
          t('services.exitCode'),
          details.outOfMemory ? `${details.exitCode} · ${t('services.oomYes')}` : details.exitCode,
        ),
    time('started', t('services.started'), details.startedAt),
    service.state.kind === 'running' ? null : time('finished', t('services.finished'), details.finishedAt),
    fact('restarts', t('services.restarts'), t('services.restartsCount', { count: details.restartCount })),
    fact('policy', t('services.policyLabel'), <Policy service={service} details={details} gone={gone} />),
    fact(
      'ports',
      t('services.ports'),
      details.ports.length === 0 ? t('services.noPorts') : <PortsCell ports={details.ports} host={host} current />,
    ),
    fact('networks', t('services.networks'), <Networks service={service} details={details} gone={gone} />),
    fact('image', t('services.image'), details.image, details.image),
    fact('command', t('services.command'), <Clamped text={commandOf(details)} />, commandOf(details)),
    fact('id', t('services.id'), <Mono title={details.id}>{details.id.slice(0, 12)}</Mono>, details.id),
    time('created', t('services.created'), details.createdAt),
  ]
  return (
    <div className={styles['tab']}>
      {!gone && <Usage id={service.id} running={service.state.kind === 'running'} memoryLimit={details.memoryLimit} />}
      <KeyValue items={facts.filter((item) => item !== null)} />
    </div>
  )
}

const fact = (key: string, label: string, value: ReactNode, copy?: string): KeyValueItem => ({
  key,
  label,
  value,
  copy,
})
const time = (key: string, label: string, at: number | null): KeyValueItem | null =>
  at === null ? null : fact(key, label, <RelativeTime time={at} />)

const commandOf = ({ entrypoint, command }: ServiceDetails): string => [...entrypoint, ...command].map(quote).join(' ')

function Policy({ service, details, gone }: TabProps) {
  const t = useText()
  const [editing, setEditing] = useState(false)
  if (editing && !gone) {
    return <PolicyForm service={service} policy={details.restartPolicy} onDone={() => setEditing(false)} />
  }
  return (
    <span className={styles['inline']}>
      {policySentence(details.restartPolicy, t)}
      {!gone && (
        <Button variant="quiet" disabled={!canDo('setRestartPolicy', service)} onClick={() => setEditing(true)}>
          {t('services.policyChange')}
        </Button>
      )}
    </span>
  )
}

function Networks({ service, details, gone }: TabProps) {
  const t = useText()
  return (
    <ul>
      {details.networks.length === 0 && <li>{t('services.noNetworks')}</li>}
      {details.networks.map(({ name, ipAddress }) => (
        <li key={name} className={styles['inline']}>
          {name} {ipAddress !== '' && <Mono>{ipAddress}</Mono>}
          {!gone && name !== 'host' && name !== 'none' && (
            <IconButton
              icon={Unplug}
              label={t('services.disconnect', { network: name })}
              disabled={!canDo('disconnectNetwork', service)}
              onClick={() => void act([service], { kind: 'disconnectNetwork', network: name })}
            />
          )}
        </li>
      ))}
      {!gone && (
        <li className={classes(styles['inline'], styles['below'])}>
          <Button
            variant="quiet"
            disabled={!canDo('connectNetwork', service)}
            onClick={() => ask('connectNetwork', [service])}
          >
            {t('services.connectShort')}
          </Button>
        </li>
      )}
    </ul>
  )
}
