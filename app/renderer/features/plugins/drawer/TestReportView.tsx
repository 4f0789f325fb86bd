import { FlaskConical } from 'lucide-react'
import type { Reach, TestReport } from '../../../../shared/contracts/plugin-trials.ts'
import type { Plugin } from '../../../../shared/contracts/plugins.ts'
import { describeError, knownCode } from '../../../../shared/errors.ts'
import { useLanguage, useText } from '../../../i18n/language.ts'
import { useTasks } from '../../../shell/mirror-stores.ts'
import { Button } from '../../../ui/Button.tsx'
import { CopyButton } from '../../../ui/CopyButton.tsx'
import { EmptyState } from '../../../ui/EmptyState.tsx'
import { duration, percent } from '../../../ui/format.ts'
import { Mono } from '../../../ui/Mono.tsx'
import { RelativeTime } from '../../../ui/RelativeTime.tsx'
import { type Mark, StateMark } from '../../../ui/StateMark.tsx'
import { openDialog } from '../dialogs/dialog-store.ts'
import styles from './Drawer.module.css'

type Tested = TestReport['calls'][number]
const marks: Readonly<Record<Tested['outcome'], Mark>> = { failed: 'fail', ok: 'ok', skipped: 'unknown' }
const order = ['failed', 'ok', 'skipped'] as const

/** Step by step how far each server was reached, and how each operation answered; what failed first. */
export function TestReportView({
  plugin,
  report,
}: {
  readonly plugin: Plugin
  /** Null where it was never tested. */
  readonly report: TestReport | null
}) {
  const t = useText()
  const language = useLanguage()
  const running = useTasks(({ byId }) =>
    [...byId.values()].some(
      ({ state, title }) => state === 'running' && title.kind === 'testPlugin' && title.name === plugin.name,
    ),
  )
  const button = (
    <Button
      icon={FlaskConical}
      busy={running}
      onClick={() => openDialog({ kind: 'test', id: plugin.id, name: plugin.name })}
    >
      {t(running ? 'plugins.testing' : 'plugins.testEndpoints')}
    </Button>
  )
  if (report === null) {
    return (
      <EmptyState icon={FlaskConical} title={t('plugins.neverTested')} action={button}>
        {t('plugins.neverTestedText')}
      </EmptyState>
    )
  }
  const count = (outcome: Tested['outcome']) => report.calls.filter((call) => call.outcome === outcome).length
  return (
    <>
      <div className={styles['buttons']}>
        <p className={styles['figures']}>
          {report.successRate !== null && <strong>{percent(report.successRate * 100, language)}</strong>}
          <span>{t('plugins.testSums', { ok: count('ok'), failed: count('failed'), skipped: count('skipped') })}</span>
        </p>
        <span className={styles['end']}>{button}</span>
      </div>
      <p className={styles['note']}>
        <RelativeTime time={report.endedAt} write={(time) => t('plugins.testedAt', { time })} />
      </p>
      <section>
        <h3>{t('plugins.servers')}</h3>
        {report.reached.map((reach) => (
          <OneServer key={reach.server} reach={reach} />
        ))}
      </section>
      <section>
        <h3>{t('plugins.operations')}</h3>
        <ul>
          {order
            .flatMap((outcome) => report.calls.filter((call) => call.outcome === outcome))
            .map((call) => (
              <OneOperation key={call.operationId} call={call} />
            ))}
        </ul>
      </section>
    </>
  )
}

function OneServer({ reach: { server, steps } }: { readonly reach: Reach }) {
  const t = useText()
  const language = useLanguage()
  return (
    <section aria-label={server}>
      <p className={styles['hash']}>
        <Mono>{server}</Mono>
        <CopyButton text={server} label={t('common.copyNamed', { name: server })} />
      </p>
      <ul className={styles['steps']}>
        {steps.map(({ step, ok, ms, detail }) => (
          <li key={step}>
            <StateMark state={ok ? 'ok' : 'fail'} label={t(ok ? 'plugins.reached' : 'plugins.notReached')} />
            <span>{step === 'health' ? '/health' : step.toUpperCase()}</span>
            <span className={styles['quiet']}>{duration(ms, language)}</span>
            <span className={ok ? styles['quiet'] : styles['fail']}>{detail}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function OneOperation({ call }: { readonly call: Tested }) {
  const t = useText()
  const language = useLanguage()
  const { operationId, method, outcome, statusCode, durationMs, failure } = call
  return (
    <li className={styles['outcome']}>
      <StateMark state={marks[outcome]} />
      <code>
        {method} {operationId}
      </code>
      <span className={styles['quiet']}>
        {outcome === 'skipped' ? t('plugins.testSkipped') : `${statusCode ?? '–'} · ${duration(durationMs, language)}`}
      </span>
      {failure && (
        <p className={styles['note']}>{describeError(knownCode(failure.code), failure.details, language).sentence}</p>
      )}
    </li>
  )
}
