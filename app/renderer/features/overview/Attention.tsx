import { HeartPulse, RotateCw, ScrollText } from 'lucide-react'
import type { PlatformState } from '../../../shared/contracts/platform.ts'
import { useText } from '../../i18n/language.ts'
import { Button, LinkButton } from '../../ui/Button.tsx'
import { RelativeTime } from '../../ui/RelativeTime.tsx'
import { StateMark } from '../../ui/StateMark.tsx'
import { PlatformConcern } from '../platform/PlatformConcern.tsx'
import { act } from '../services/service-actions.ts'
import { causeSentence, stateSentence } from '../services/service-words.ts'
import type { Concern } from './attention.ts'
import { ModelConcernRows } from './ModelConcernRows.tsx'
import type { ModelConcerns } from './model-concerns.ts'
import styles from './Overview.module.css'

/** More than these stand on the Services page. */
const most = 8

/** The concerns as sentences: what, why, since when, and the one thing to do. */
export function Attention({
  concerns,
  platform,
  models,
}: {
  readonly concerns: readonly Concern[]
  /** The local platform, where it is one of them. */
  readonly platform: PlatformState | null
  readonly models: ModelConcerns
}) {
  const t = useText()
  const rest = concerns.length - most
  return (
    <>
      <ul>
        {platform && <PlatformConcern platform={platform} styles={styles} />}
        {concerns.slice(0, most).map((concern) => (
          <ConcernRow key={concern.service.id} concern={concern} />
        ))}
        <ModelConcernRows concerns={models} />
      </ul>
      {rest > 0 && (
        <LinkButton variant="quiet" href="#/services">
          {t('overview.more', { count: rest })}
        </LinkButton>
      )}
    </>
  )
}

function ConcernRow({ concern: { service, condition, at, action } }: { readonly concern: Concern }) {
  const t = useText()
  return (
    <li className={styles['concern']}>
      <StateMark state={condition} label={stateSentence(service, t)} />
      <div className={styles['what']}>
        <div>
          <a href={`#/services/${service.id}/summary`}>{service.name}</a>{' '}
          {service.project !== null && <span className={styles['quiet']}>{service.project}</span>}
        </div>
        <div className={styles['why']}>
          {causeSentence(service, t) ?? stateSentence(service, t)}
          {at !== null && (
            <span className={styles['quiet']}>
              {' '}
              · <RelativeTime time={at} />
            </span>
          )}
        </div>
      </div>
      {action === 'restart' || action === 'start' ? (
        <Button
          icon={RotateCw}
          label={t('services.restartNamed', { name: service.name })}
          onClick={() => void act([service], { kind: action })}
        >
          {t('services.restart')}
        </Button>
      ) : (
        <LinkButton icon={action === 'health' ? HeartPulse : ScrollText} href={`#/services/${service.id}/${action}`}>
          {t(action === 'health' ? 'overview.showHealth' : 'overview.showLogs')}
        </LinkButton>
      )}
    </li>
  )
}
