import { CircleCheck, Container } from 'lucide-react'
import { useEffect, useMemo, useRef } from 'react'
import { conditionOf } from '../../../shared/contracts/services.ts'
import { useLanguage, useText } from '../../i18n/language.ts'
import { DockerGate } from '../../shell/DockerGate.tsx'
import { LinkButton } from '../../ui/Button.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { dateTime } from '../../ui/format.ts'
import { usePlatform } from '../platform/platform-store.ts'
import { platformAttention } from '../platform/platform-words.ts'
import { useServices } from '../services/services-store.ts'
import { Attention } from './Attention.tsx'
import { concernsOf, wellSince } from './attention.ts'
import { Figures } from './Figures.tsx'
import { LastChanges } from './LastChanges.tsx'
import { useModelConcerns } from './model-concerns.ts'
import styles from './Overview.module.css'

/** What needs attention first; beside it the figures, below the last changes. */
export function OverviewPage() {
  const { byId, heard } = useServices()
  return (
    <DockerGate known={byId.size > 0} loading={!heard} apart={<WithoutDocker />}>
      <div className={styles['page']}>
        <div className={styles['top']}>
          <AttentionPanel />
          <Figures />
        </div>
        <LastChanges />
      </div>
    </DockerGate>
  )
}

/** The local platform's own troubles do not wait for Docker. */
function WithoutDocker() {
  return (
    <div className={styles['apart']}>
      <AttentionPanel silent />
      <LastChanges />
    </div>
  )
}

/** A silent one says nothing where nothing is wrong: it does not know whether all is well. */
function AttentionPanel({ silent = false }: { readonly silent?: boolean }) {
  const t = useText()
  const byId = useServices((state) => state.byId)
  const concerns = useMemo(() => concernsOf(byId.values()), [byId])
  const platform = usePlatform(({ state }) => (platformAttention(state) > 0 ? state : null))
  const models = useModelConcerns()
  const ofModels = models.keys.length + models.features.length + (models.vault ? 1 : 0)
  const count = concerns.length + (platform ? 1 : 0) + ofModels
  const recoveredAt = useRecoveredAt(count)
  if (silent && count === 0) return null
  return (
    <section className={styles['panel']} aria-labelledby="overview-attention">
      <h2 id="overview-attention">{count > 0 ? t('overview.attentionCount', { count }) : t('overview.attention')}</h2>
      {count > 0 && <Attention concerns={concerns} platform={platform} models={models} />}
      {count === 0 && byId.size === 0 && (
        <EmptyState icon={Container} title={t('overview.empty')}>
          {t('overview.emptyText')}
        </EmptyState>
      )}
      {count === 0 && byId.size > 0 && <AllWell since={wellSince(byId.values(), recoveredAt)} />}
    </section>
  )
}

function AllWell({ since }: { readonly since: number | null }) {
  const t = useText()
  const language = useLanguage()
  const running = useServices(({ byId }) => [...byId.values()].filter((one) => conditionOf(one) === 'ok').length)
  return (
    <EmptyState
      icon={CircleCheck}
      title={t('overview.allWell')}
      action={running > 0 && <LinkButton href="#/services">{t('overview.allServices')}</LinkButton>}
    >
      {since === null ? t('overview.allWellText') : t('overview.allWellSince', { time: dateTime(since, language) })}
    </EmptyState>
  )
}

/** When the last concern went away while this page was open. */
function useRecoveredAt(concerns: number): number | null {
  const before = useRef(concerns)
  const recovered = useRef<number | null>(null)
  if (before.current > 0 && concerns === 0) recovered.current = Date.now()
  useEffect(() => {
    before.current = concerns
  }, [concerns])
  return recovered.current
}
