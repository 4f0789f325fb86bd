import { PlugZap, RotateCw } from 'lucide-react'
import type { ReactNode } from 'react'
import type { DockerState } from '../../shared/contracts/docker.ts'
import { describeError } from '../../shared/errors.ts'
import { useLanguage, useText } from '../i18n/language.ts'
import { rpc } from '../rpc/rpc.ts'
import { Banner } from '../ui/Banner.tsx'
import { Button, LinkButton } from '../ui/Button.tsx'
import { EmptyState } from '../ui/EmptyState.tsx'
import { ErrorState } from '../ui/ErrorState.tsx'
import { dateTime } from '../ui/format.ts'
import { SkeletonRows } from '../ui/SkeletonRows.tsx'
import styles from './DockerGate.module.css'
import { useDocker } from './mirror-stores.ts'
import { run } from './run.ts'

/**
 * What stands around a list that comes from Docker: without a connection the reason and what to do, in place of the
 * list or, when there is a last known one (`known`), above it.
 */
export function DockerGate({
  known,
  loading,
  apart,
  children,
}: {
  readonly known: boolean
  /** Docker is ready, but the list has not arrived. */
  readonly loading: boolean
  /** What does not come from Docker: below the reason, while there is no list. */
  readonly apart?: ReactNode
  readonly children: ReactNode
}) {
  const state = useDocker((docker) => docker.state)
  if (!known && (state?.kind === 'failed' || state?.kind === 'connecting')) {
    return (
      <div className={styles['instead']}>
        {state.kind === 'failed' ? <DockerFailure state={state} /> : <Connecting endpoint={state.endpoint} />}
        {apart}
      </div>
    )
  }
  if (loading && !known) return <SkeletonRows />
  return (
    <>
      {state?.kind === 'failed' && <StaleBanner state={state} />}
      <div className={styles['content']} data-stale={state?.kind === 'failed' || undefined}>
        {children}
      </div>
    </>
  )
}

type Failed = Extract<DockerState, { kind: 'failed' }>

const RetryButton = () => {
  const t = useText()
  return (
    <Button icon={RotateCw} onClick={() => void run(rpc.docker.reconnect())}>
      {t('services.retryNow')}
    </Button>
  )
}

function DockerFailure({ state }: { readonly state: Failed }) {
  const t = useText()
  const { sentence, advice } = describeError(state.code, state.details, useLanguage())
  return (
    <ErrorState
      sentence={sentence}
      advice={advice}
      code={state.code}
      details={JSON.stringify(state.details)}
      action={
        <>
          <RetryButton />
          <LinkButton variant="quiet" href="#/settings/docker">
            {t('services.chooseEndpoint')}
          </LinkButton>
        </>
      }
    />
  )
}

function StaleBanner({ state }: { readonly state: Failed }) {
  const t = useText()
  const language = useLanguage()
  const { sentence, advice } = describeError(state.code, state.details, language)
  return (
    <Banner tone="fail" action={<RetryButton />}>
      <strong>{sentence}</strong> {advice} {t('services.stale', { time: dateTime(state.since, language) })}
    </Banner>
  )
}

function Connecting({ endpoint }: { readonly endpoint: string }) {
  const t = useText()
  return (
    <EmptyState icon={PlugZap} title={t('services.connectingTitle')} action={<RetryButton />}>
      {t('services.connectingText', { endpoint })}
    </EmptyState>
  )
}
