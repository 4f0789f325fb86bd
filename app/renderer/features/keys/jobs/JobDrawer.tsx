import { ImageOff } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { useLocation } from 'wouter'
import type { JobDetails } from '../../../../shared/contracts/gateway.ts'
import { reasonIn } from '../../../../shared/reason-in-chinese.ts'
import { useLanguage, useText } from '../../../i18n/language.ts'
import { rpc, useEvent } from '../../../rpc/rpc.ts'
import { Failed } from '../../../shell/Failed.tsx'
import { Button } from '../../../ui/Button.tsx'
import { Drawer } from '../../../ui/Drawer.tsx'
import { EmptyState } from '../../../ui/EmptyState.tsx'
import { KeyValue, type KeyValueItem } from '../../../ui/KeyValue.tsx'
import { RelativeTime } from '../../../ui/RelativeTime.tsx'
import { SkeletonRows } from '../../../ui/SkeletonRows.tsx'
import { StateMark } from '../../../ui/StateMark.tsx'
import styles from '../drawer/Drawer.module.css'
import { keyPath } from '../key-address.ts'
import { vendorNames } from '../key-words.ts'
import { JobOutput } from './JobOutput.tsx'
import jobs from './Jobs.module.css'
import { hasEnded, jobAdvice, jobMarks, jobWords } from './job-words.ts'
import { Took } from './Took.tsx'

type Looked =
  | { readonly kind: 'looking' }
  | { readonly kind: 'job'; readonly job: JobDetails }
  /** It is not kept (any more). */
  | { readonly kind: 'gone' }
  | { readonly kind: 'failed'; readonly error: Error }

/** One job beside the list, live. */
export function JobDrawer({ id }: { readonly id: string }) {
  const [, navigate] = useLocation()
  const [looked, setLooked] = useState<Looked>({ kind: 'looking' })
  useEvent(
    rpc.gateway.onJob,
    { id },
    ({ job }) => setLooked(job ? { kind: 'job', job } : { kind: 'gone' }),
    (error) => setLooked({ kind: 'failed', error }),
  )
  const close = () => navigate('/keys/jobs')
  const job = looked.kind === 'job' ? looked.job : null
  return (
    <Drawer
      title={job?.model ?? id}
      subtitle={job?.feature}
      marks={job && <StateMark state={jobMarks[job.state]} />}
      tabs={[]}
      active=""
      onClose={close}
    >
      {looked.kind === 'looking' && <SkeletonRows />}
      {looked.kind === 'failed' && <Failed error={looked.error} />}
      {looked.kind === 'gone' && <NotFound onClose={close} />}
      {job && (
        <div className={styles['tab']}>
          <State job={job} />
          <Facts job={job} />
          {job.state === 'succeeded' && <JobOutput id={id} />}
        </div>
      )}
    </Drawer>
  )
}

function State({ job }: { readonly job: JobDetails }) {
  const t = useText()
  const language = useLanguage()
  const advice = jobAdvice(job)
  const { state, error, fault, updatedAt, vendor } = job
  const reason = error && reasonIn(language, error)
  const code = [fault?.type, fault?.code].filter(Boolean).join(' · ')
  return (
    <div className={styles['state']}>
      <StateMark state={jobMarks[state]} />
      <div>
        <strong>{t(jobWords[state])}</strong>{' '}
        <span className={styles['quiet']}>
          <RelativeTime time={updatedAt} />
        </span>
        {reason !== null && (
          <p className={jobs['words']}>
            {vendor ? t('keys.jobReason', { vendor: vendorNames[vendor], reason }) : reason}{' '}
            {code && <code className={styles['quiet']}>{code}</code>}
          </p>
        )}
        {advice && <p className={styles['quiet']}>{t(advice)}</p>}
      </div>
    </div>
  )
}

function Facts({ job }: { readonly job: JobDetails }) {
  const t = useText()
  const { id, feature, model, vendorModel, vendor, keyId, key, caller, at, updatedAt, vendorTaskId, decisionId } = job
  const route = `#/routing/${encodeURIComponent(feature)}`
  const items: (KeyValueItem | null)[] = [
    fact('feature', t('keys.byFeature'), <a href={route}>{feature}</a>),
    fact(
      'model',
      t('keys.byModel'),
      vendorModel === null || vendorModel === model ? model : `${model} → ${vendorModel}`,
    ),
    fact('vendor', t('keys.vendor'), vendor === null ? '–' : vendorNames[vendor]),
    fact(
      'key',
      t('keys.byKey'),
      key === null ? t('keys.jobKeyGone') : <a href={`#${keyPath(keyId, 'summary')}`}>{key}</a>,
    ),
    fact('caller', t('keys.byCaller'), caller ?? t('keys.noToken')),
    fact('begun', t('keys.jobBegun'), <RelativeTime time={at} />),
    hasEnded(job.state) ? fact('ended', t('keys.jobEnded'), <RelativeTime time={updatedAt} />) : null,
    fact('took', t('keys.jobTook'), <Took job={job} />),
    { ...fact('id', t('keys.jobId'), <code>{id}</code>), copy: id },
    vendorTaskId === null
      ? null
      : { ...fact('task', t('keys.jobTask'), <code>{vendorTaskId}</code>), copy: vendorTaskId },
    decisionId === null
      ? null
      : {
          ...fact(
            'decision',
            t('keys.jobDecision'),
            <a href={`${route}/decisions`} title={t('keys.jobDecisions', { feature })}>
              <code>{decisionId}</code>
            </a>,
          ),
          copy: decisionId,
        },
  ]
  return <KeyValue items={items.filter((item) => item !== null)} />
}

function NotFound({ onClose }: { readonly onClose: () => void }) {
  const t = useText()
  return (
    <EmptyState
      icon={ImageOff}
      title={t('keys.jobGone')}
      action={<Button onClick={onClose}>{t('keys.backToList')}</Button>}
    >
      {t('keys.jobGoneText')}
    </EmptyState>
  )
}

const fact = (key: string, label: string, value: ReactNode): KeyValueItem => ({ key, label, value })
