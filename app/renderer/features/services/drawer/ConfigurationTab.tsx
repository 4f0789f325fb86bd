import { ClipboardCopy, KeyRound } from 'lucide-react'
import type { Service, ServiceDetails } from '../../../../shared/contracts/services.ts'
import { type Translate, useLanguage, useText } from '../../../i18n/language.ts'
import { Badge } from '../../../ui/Badge.tsx'
import { Button } from '../../../ui/Button.tsx'
import { memory } from '../../../ui/format.ts'
import { KeyValue, type KeyValueItem } from '../../../ui/KeyValue.tsx'
import { Mono } from '../../../ui/Mono.tsx'
import { policySentence } from '../PolicyForm.tsx'
import { copyRunCommand } from '../service-actions.ts'
import styles from './Drawer.module.css'
import { Environment } from './Environment.tsx'

/** What the container was made with. */
export function ConfigurationTab({
  service,
  details,
  gone,
}: {
  readonly service: Service
  readonly details: ServiceDetails
  readonly gone: boolean
}) {
  const t = useText()
  const language = useLanguage()
  return (
    <div className={styles['tab']}>
      {!gone && (
        <section>
          <h3>{t('services.runSection')}</h3>
          <div className={styles['buttons']}>
            <Button icon={ClipboardCopy} onClick={() => void copyRunCommand(service, false)}>
              {t('services.copyRun')}
            </Button>
            <Button icon={KeyRound} variant="quiet" onClick={() => void copyRunCommand(service, true)}>
              {t('services.copyRunSecrets')}
            </Button>
          </div>
          <p className={styles['note']}>
            {t('services.runMasked')} {t('services.copyRunSecretsAdvice')}
          </p>
        </section>
      )}
      <section>
        <h3>{t('services.environment')}</h3>
        <Environment id={details.id} environment={details.environment} gone={gone} />
      </section>
      <section>
        <h3>{t('services.mounts')}</h3>
        <Mounts details={details} />
      </section>
      <section>
        <h3>{t('services.networks')}</h3>
        <KeyValue
          items={details.networks.map(({ name, ipAddress, aliases }) => ({
            key: name,
            label: name,
            value: <Mono>{[ipAddress, ...aliases].filter((text) => text !== '').join(' · ') || '–'}</Mono>,
          }))}
        />
      </section>
      <section>
        <h3>{t('services.limits')}</h3>
        <KeyValue items={limits(details, t, language)} />
      </section>
      <section>
        <h3>{t('services.labels')}</h3>
        {details.labels.length === 0 && <p className={styles['note']}>{t('services.labelsNone')}</p>}
        <KeyValue
          items={details.labels.map(({ name, value }) => ({
            key: name,
            label: <Mono>{name}</Mono>,
            value: <Mono>{value}</Mono>,
          }))}
        />
      </section>
    </div>
  )
}

function Mounts({ details: { mounts } }: { readonly details: ServiceDetails }) {
  const t = useText()
  const kinds = {
    volume: t('services.kindVolume'),
    bind: t('services.kindBind'),
    tmpfs: t('services.kindTmpfs'),
    other: t('services.kindOther'),
  }
  if (mounts.length === 0) return <p className={styles['note']}>{t('services.mountsNone')}</p>
  return (
    <KeyValue
      items={mounts.map(({ kind, source, target, readOnly, anonymous }) => ({
        key: target,
        label: <Mono>{target}</Mono>,
        value: (
          <>
            <Mono title={source}>{anonymous ? source.slice(0, 12) : source}</Mono> <Badge>{kinds[kind]}</Badge>{' '}
            {readOnly && <Badge>{t('services.readOnly')}</Badge>}{' '}
            {anonymous && <Badge tone="warn">{t('services.anonymous')}</Badge>}
          </>
        ),
      }))}
    />
  )
}

function limits(details: ServiceDetails, t: Translate, language: string): KeyValueItem[] {
  const { memoryLimit, cpuLimit } = details
  const items: [string, string, string][] = [
    ['memory', t('services.memoryLimit'), memoryLimit === null ? t('services.noLimit') : memory(memoryLimit, language)],
    [
      'cpu',
      t('services.cpuLimit'),
      cpuLimit === null ? t('services.noLimit') : t('services.cores', { count: cpuLimit }),
    ],
    ['policy', t('services.policyLabel'), policySentence(details.restartPolicy, t)],
    ['user', t('services.user'), details.user || t('services.userDefault')],
    ['folder', t('services.workingDirectory'), details.workingDirectory || '/'],
    ['hostname', t('services.hostname'), details.hostname],
    ['log', t('services.logDriver'), details.logDriver],
  ]
  if (details.privileged) items.push(['privileged', t('services.privileged'), t('services.privilegedYes')])
  if (details.autoRemove) items.push(['auto', t('services.autoRemove'), t('services.autoRemoveYes')])
  return items.map(([key, label, value]) => ({ key, label, value }))
}
