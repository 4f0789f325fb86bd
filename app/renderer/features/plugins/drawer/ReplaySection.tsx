import { History } from 'lucide-react'
import { useState } from 'react'
import type { ReplayReport } from '../../../../shared/contracts/plugin-trials.ts'
import type { Plugin, PluginDetails } from '../../../../shared/contracts/plugins.ts'
import { describeError, knownCode } from '../../../../shared/errors.ts'
import type { TextKey } from '../../../i18n/catalogue.ts'
import { useLanguage, useText } from '../../../i18n/language.ts'
import { rpc } from '../../../rpc/rpc.ts'
import { useTasks } from '../../../shell/mirror-stores.ts'
import { run } from '../../../shell/run.ts'
import { Button } from '../../../ui/Button.tsx'
import { Checkbox } from '../../../ui/Checkbox.tsx'
import { RelativeTime } from '../../../ui/RelativeTime.tsx'
import { type Mark, StateMark } from '../../../ui/StateMark.tsx'
import diff from './Diff.module.css'
import styles from './Drawer.module.css'
import { inUse } from './version-rules.ts'

type Outcome = ReplayReport['calls'][number]['outcome']
const outcomes: Readonly<Record<Outcome, { readonly mark: Mark; readonly words: TextKey; readonly count: TextKey }>> = {
  failed: { mark: 'fail', words: 'plugins.replayFailed', count: 'plugins.countReplayFailed' },
  gone: { mark: 'fail', words: 'plugins.replayGone', count: 'plugins.countReplayGone' },
  different: { mark: 'warn', words: 'plugins.replayDifferent', count: 'plugins.countReplayDifferent' },
  same: { mark: 'ok', words: 'plugins.replaySame', count: 'plugins.countReplaySame' },
  skipped: { mark: 'unknown', words: 'plugins.replaySkipped', count: 'plugins.countReplaySkipped' },
}
const order = Object.keys(outcomes) as Outcome[]

/** Recorded calls against another version before it is put into use, and what came out differently. */
export function ReplaySection({
  plugin,
  details,
  to,
}: {
  readonly plugin: Plugin
  readonly details: PluginDetails
  /** The version that is compared with; null where there is none. */
  readonly to: number | null
}) {
  const t = useText()
  const [unsafe, setUnsafe] = useState(false)
  const running = useTasks(({ byId }) =>
    [...byId.values()].some(
      ({ state, title }) => state === 'running' && title.kind === 'replayCalls' && title.name === plugin.name,
    ),
  )
  const { recordedCalls, lastReplay, versions } = details
  const target = versions.find(({ versionId }) => versionId === to)
  const versionOf = (id: number) => versions.find(({ versionId }) => versionId === id)?.version ?? String(id)
  const replayable = target !== undefined && !inUse(plugin, target)
  return (
    <section>
      <h3>{t('plugins.replay')}</h3>
      <p className={styles['note']}>
        {recordedCalls === 0
          ? t(plugin.recording ? 'plugins.replayNothingYet' : 'plugins.replayNotRecording')
          : t('plugins.replayText', { count: recordedCalls })}
      </p>
      {recordedCalls > 0 && (
        <div className={styles['form']}>
          <Checkbox label={t('plugins.replayUnsafe')} checked={unsafe} onChange={setUnsafe} />
          <div className={styles['buttons']}>
            <Button
              icon={History}
              busy={running}
              disabled={!replayable}
              onClick={() =>
                target && void run(rpc.plugins.replay({ id: plugin.id, versionId: target.versionId, unsafe }))
              }
            >
              {t('plugins.replayAgainst', { version: target?.version ?? '–' })}
            </Button>
            {!replayable && <span className={styles['note']}>{t('plugins.replayChoose')}</span>}
          </div>
        </div>
      )}
      {lastReplay && (
        <Report
          report={lastReplay}
          title={t('plugins.replayReport', {
            from: versionOf(lastReplay.fromVersionId),
            to: versionOf(lastReplay.toVersionId),
          })}
        />
      )}
    </section>
  )
}

function Report({ report, title }: { readonly report: ReplayReport; readonly title: string }) {
  const t = useText()
  const groups = Map.groupBy(report.calls, ({ outcome }) => outcome)
  return (
    <div className={diff['diff']}>
      <p className={styles['note']}>
        {title} · <RelativeTime time={report.endedAt} />
      </p>
      <p className={styles['facts']}>
        {order
          .filter((outcome) => groups.has(outcome))
          .map((outcome) => (
            <span key={outcome} className={styles['hash']}>
              <StateMark state={outcomes[outcome].mark} />
              {t(outcomes[outcome].count, { count: groups.get(outcome)!.length })}
            </span>
          ))}
      </p>
      <ul>
        {order
          .filter((outcome) => outcome !== 'same')
          .flatMap((outcome) => groups.get(outcome) ?? [])
          .map((call) => (
            <OneReplay key={call.callId} call={call} />
          ))}
      </ul>
    </div>
  )
}

function OneReplay({ call }: { readonly call: ReplayReport['calls'][number] }) {
  const t = useText()
  const language = useLanguage()
  const { operationId, outcome, statusBefore, statusAfter, differences, failure } = call
  return (
    <li className={styles['outcome']}>
      <StateMark state={outcomes[outcome].mark} />
      <code className={diff['operation']}>{operationId}</code>
      <span className={styles['quiet']}>
        {t(outcomes[outcome].words)}
        {statusBefore !== statusAfter && ` · ${statusBefore ?? '–'} → ${statusAfter ?? '–'}`}
      </span>
      {failure && (
        <p className={styles['note']}>{describeError(knownCode(failure.code), failure.details, language).sentence}</p>
      )}
      {differences.length > 0 && (
        <ul>
          {differences.map(({ path, before, after }) => (
            <li key={path} className={diff['change']}>
              <code>{path === '' ? '/' : path}</code>
              <span className={diff['values']}>
                <del>{before ?? t('plugins.absent')}</del>
                <span aria-hidden>→</span>
                <ins>{after ?? t('plugins.absent')}</ins>
              </span>
            </li>
          ))}
        </ul>
      )}
    </li>
  )
}
