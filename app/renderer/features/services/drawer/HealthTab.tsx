import { HeartPulse } from 'lucide-react'
import type { Health, ServiceDetails } from '../../../../shared/contracts/services.ts'
import type { TextKey } from '../../../i18n/catalogue.ts'
import { useLanguage, useText } from '../../../i18n/language.ts'
import { EmptyState } from '../../../ui/EmptyState.tsx'
import { duration } from '../../../ui/format.ts'
import { KeyValue } from '../../../ui/KeyValue.tsx'
import { Mono } from '../../../ui/Mono.tsx'
import { RelativeTime } from '../../../ui/RelativeTime.tsx'
import { StateMark } from '../../../ui/StateMark.tsx'
import styles from './Drawer.module.css'

const words: Record<Health, { readonly key: TextKey; readonly mark: 'ok' | 'warn' | 'busy' | 'unknown' }> = {
  healthy: { key: 'services.healthy', mark: 'ok' },
  unhealthy: { key: 'services.unhealthy', mark: 'warn' },
  starting: { key: 'services.healthStarting', mark: 'busy' },
  none: { key: 'services.healthNone', mark: 'unknown' },
}

/** The engine's own health check: what it runs and what it said lately. */
export function HealthTab({ details: { health } }: { readonly details: ServiceDetails }) {
  const t = useText()
  if (health === null) {
    return (
      <EmptyState icon={HeartPulse} title={t('services.healthNone')}>
        {t('services.healthNoneText')}
      </EmptyState>
    )
  }
  const { key, mark } = words[health.status]
  const test = health.test.filter((word) => word !== 'CMD' && word !== 'CMD-SHELL').join(' ')
  return (
    <div className={styles['tab']}>
      <KeyValue
        items={[
          {
            key: 'status',
            label: t('services.healthStatus'),
            value: (
              <span className={styles['inline']}>
                <StateMark state={mark} /> {t(key)}
                {health.failingStreak > 0 && ` · ${t('services.healthStreak', { count: health.failingStreak })}`}
              </span>
            ),
          },
          { key: 'test', label: t('services.healthTest'), value: <Mono>{test}</Mono>, copy: test },
          {
            key: 'interval',
            label: t('services.healthInterval'),
            value: t('services.healthEvery', {
              interval: health.intervalSeconds,
              timeout: health.timeoutSeconds,
              count: health.retries,
            }),
          },
        ]}
      />
      <section>
        <h3>{t('services.healthChecks')}</h3>
        {health.checks.length === 0 && <p className={styles['note']}>{t('services.healthNoChecks')}</p>}
        <ul>
          {health.checks.map((check) => (
            <Check key={check.startedAt} check={check} />
          ))}
        </ul>
      </section>
    </div>
  )
}

type HealthCheck = NonNullable<ServiceDetails['health']>['checks'][number]

function Check({ check: { startedAt, endedAt, exitCode, output } }: { readonly check: HealthCheck }) {
  const t = useText()
  const language = useLanguage()
  const passed = exitCode === 0
  return (
    <li className={styles['check']}>
      <div className={styles['inline']}>
        <StateMark state={passed ? 'ok' : 'fail'} />
        <strong>
          {passed ? t('services.healthPassed') : t('services.healthFailed', { exitCode: String(exitCode) })}
        </strong>
        <span className={styles['quiet']}>
          <RelativeTime time={startedAt} /> ·{' '}
          {t('services.healthTook', { duration: duration(endedAt - startedAt, language) })}
        </span>
      </div>
      {output.trim() === '' ? (
        <p className={styles['note']}>{t('services.healthNoOutput')}</p>
      ) : (
        // A long output scrolls in its box, so the keyboard must reach it.
        // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
        <pre className={styles['output']} tabIndex={0}>
          {output.trimEnd()}
        </pre>
      )}
    </li>
  )
}
