import { useState } from 'react'
import type { PluginCall, PluginCallsUpdate } from '../../../../shared/contracts/plugin-calls.ts'
import type { Plugin } from '../../../../shared/contracts/plugins.ts'
import { currentText, useLanguage, useText } from '../../../i18n/language.ts'
import { rpc, useEvent } from '../../../rpc/rpc.ts'
import { run } from '../../../shell/run.ts'
import { Button } from '../../../ui/Button.tsx'
import { dateTime } from '../../../ui/format.ts'
import { RelativeTime } from '../../../ui/RelativeTime.tsx'
import { StateMark } from '../../../ui/StateMark.tsx'
import { callTime, surfaceWords } from './call-words.ts'
import { isObject, parseJson } from './json-text.ts'
import { replaceWithUndo } from './Request.tsx'
import styles from './TryIt.module.css'
import { keyOf } from './try-it-store.ts'

const shownFirst = 10

/** Newest first, each once: an append may repeat what the snapshot had. */
export function applyCalls(calls: readonly PluginCall[], update: PluginCallsUpdate): readonly PluginCall[] {
  if (update.kind === 'snapshot') return update.calls
  const fresh = new Map([...calls, ...update.calls].map((call) => [call.callId, call]))
  return [...fresh.values()].sort((a, b) => b.callId - a.callId).slice(0, 200)
}

/** The calls of one tool, wherever they came from; whose arguments are kept can be had back into the form. */
export function CallHistory({ plugin, operation }: { readonly plugin: Plugin; readonly operation: string }) {
  const t = useText()
  const [calls, setCalls] = useState<readonly PluginCall[]>([])
  const [all, setAll] = useState(false)
  useEvent(rpc.plugins.onCalls, { id: plugin.id }, (update) => setCalls((before) => applyCalls(before, update)))
  const own = calls.filter((call) => call.operationId === operation)
  const shown = all ? own : own.slice(0, shownFirst)
  return (
    <section className={styles['history']} aria-labelledby="try-it-history">
      <h3 id="try-it-history">{t('tryIt.history')}</h3>
      {own.length === 0 && <p className={styles['quiet']}>{t('tryIt.historyNone')}</p>}
      <ul>
        {shown.map((call) => (
          <CallRow key={call.callId} call={call} />
        ))}
      </ul>
      {own.length > shown.length && (
        <Button variant="quiet" onClick={() => setAll(true)}>
          {t('tryIt.historyMore', { count: own.length - shown.length })}
        </Button>
      )}
      {own.some((call) => !call.recorded) && !plugin.recording && (
        <p className={styles['quiet']}>{t('tryIt.recordingHint')}</p>
      )}
    </section>
  )
}

function CallRow({ call }: { readonly call: PluginCall }) {
  const t = useText()
  const language = useLanguage()
  const { at, statusCode, durationMs, surface, error, recorded } = call
  return (
    <li className={styles['call']}>
      <StateMark state={error === null ? 'ok' : error === 'CANCELLED' ? 'stopped' : 'fail'} />
      <span className={styles['callTime']}>
        <RelativeTime time={at} />
      </span>
      <span className={styles['callWhat']}>{[statusCode, error].filter((part) => part !== null).join(' ') || '–'}</span>
      <span className={styles['number']}>{callTime(durationMs, language)}</span>
      <span className={styles['surface']}>{t(surfaceWords[surface])}</span>
      {recorded ? (
        <Button
          variant="quiet"
          label={t('tryIt.repeatNamed', { time: dateTime(at, language) })}
          onClick={() => void repeat(call)}
        >
          {t('tryIt.repeat')}
        </Button>
      ) : (
        <span className={styles['notKept']}>{t('tryIt.notKept')}</span>
      )}
    </li>
  )
}

/** The arguments of a kept call, back in the form. */
export async function repeat({ callId, pluginId, operationId }: PluginCall): Promise<void> {
  const kept = await run(rpc.plugins.recordedCall({ callId }))
  if (!kept) return
  const parsed = kept.arguments === null ? null : parseJson(kept.arguments)
  if (parsed?.ok !== true || !isObject(parsed.value)) return
  replaceWithUndo(keyOf(pluginId, operationId), parsed.value, currentText()('tryIt.repeated'))
}
