import { ChevronDown, ChevronRight, History, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { PluginCall } from '../../../../shared/contracts/plugin-calls.ts'
import type { Plugin } from '../../../../shared/contracts/plugins.ts'
import type { TextKey } from '../../../i18n/catalogue.ts'
import { currentText, useLanguage, useText } from '../../../i18n/language.ts'
import { rpc, useEvent } from '../../../rpc/rpc.ts'
import { confirm } from '../../../shell/confirm.tsx'
import { Failed } from '../../../shell/Failed.tsx'
import { run } from '../../../shell/run.ts'
import { Button } from '../../../ui/Button.tsx'
import { EmptyState } from '../../../ui/EmptyState.tsx'
import { duration } from '../../../ui/format.ts'
import { RelativeTime } from '../../../ui/RelativeTime.tsx'
import { SkeletonRows } from '../../../ui/SkeletonRows.tsx'
import { StateMark } from '../../../ui/StateMark.tsx'
import type { OpenPlugin } from '../plugin-address.ts'
import { CallBody } from './CallBody.tsx'
import styles from './Drawer.module.css'

/** As many as main hands out at first. */
const most = 200

const surfaces: Readonly<Record<PluginCall['surface'], TextKey>> = {
  console: 'plugins.surfaceConsole',
  invoke: 'plugins.surfaceInvoke',
  debug: 'plugins.surfaceDebug',
  mcp: 'plugins.surfaceMcp',
  agent: 'plugins.surfaceAgent',
  command: 'plugins.surfaceCommand',
  test: 'plugins.surfaceTest',
  replay: 'plugins.surfaceReplay',
}

/** The newest calls first, live; one opens to what went out and came back, where that is kept. */
export function CallHistory({ plugin, open }: { readonly plugin: Plugin; readonly open: OpenPlugin }) {
  const t = useText()
  const [calls, setCalls] = useState<readonly PluginCall[] | null>(null)
  const [error, setError] = useState<Error | null>(null)
  useEvent(
    rpc.plugins.onCalls,
    { id: plugin.id },
    (update) =>
      setCalls((before) =>
        update.kind === 'snapshot' ? update.calls : [...update.calls, ...(before ?? [])].slice(0, most),
      ),
    setError,
  )
  if (error) return <Failed error={error} />
  if (calls === null) return <SkeletonRows />
  if (calls.length === 0) {
    return (
      <EmptyState
        icon={History}
        title={t('plugins.noCalls')}
        action={<Button onClick={() => open(plugin.id, 'tools')}>{t('plugins.try')}</Button>}
      >
        {t('plugins.noCallsText')}
      </EmptyState>
    )
  }
  return (
    <>
      <div className={styles['buttons']}>
        <span className={styles['note']}>{t('plugins.newestCalls', { count: calls.length })}</span>
        <span className={styles['end']}>
          <Button variant="quiet" icon={Trash2} onClick={() => void clear(plugin)}>
            {t('plugins.clearCalls')}
          </Button>
        </span>
      </div>
      <ul className={styles['calls']}>
        {calls.map((call) => (
          <OneCall key={call.callId} call={call} open={open} />
        ))}
      </ul>
    </>
  )
}

async function clear({ id, name }: Plugin): Promise<void> {
  const t = currentText()
  const yes = await confirm({
    title: t('plugins.clearCallsTitle', { name }),
    children: <p>{t('plugins.clearCallsText')}</p>,
    confirm: t('plugins.clearCallsConfirm'),
    danger: true,
  })
  if (yes) await run(rpc.plugins.clearCalls({ id }))
}

function OneCall({ call, open }: { readonly call: PluginCall; readonly open: OpenPlugin }) {
  const t = useText()
  const language = useLanguage()
  const [unfolded, setUnfolded] = useState(false)
  const { operationId, error, statusCode, durationMs, at, surface, method, url } = call
  const Chevron = unfolded ? ChevronDown : ChevronRight
  return (
    <li className={styles['call']}>
      <button
        type="button"
        className={styles['callHead']}
        aria-expanded={unfolded}
        onClick={() => setUnfolded(!unfolded)}
      >
        <StateMark state={error === null ? 'ok' : 'fail'} label={error ?? t('plugins.succeeded')} />
        <code>{operationId}</code>
        <span>{statusCode ?? '–'}</span>
        <span className={styles['quiet']}>{duration(durationMs, language)}</span>
        <Chevron size={16} strokeWidth={1.5} aria-hidden />
        <span className={styles['callMore']}>
          <RelativeTime time={at} /> · {t(surfaces[surface])} · {method} {url}
          {error !== null && ` · ${error}`}
        </span>
      </button>
      {unfolded && <CallBody call={call} open={open} />}
    </li>
  )
}
