import { Repeat } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { PluginCall } from '../../../../shared/contracts/plugin-calls.ts'
import { useText } from '../../../i18n/language.ts'
import { rpc } from '../../../rpc/rpc.ts'
import { Failed } from '../../../shell/Failed.tsx'
import { Button } from '../../../ui/Button.tsx'
import { CopyButton } from '../../../ui/CopyButton.tsx'
import { SkeletonRows } from '../../../ui/SkeletonRows.tsx'
import type { OpenPlugin } from '../plugin-address.ts'
import { useTryIt } from '../try-it/try-it-store.ts'
import { argumentsOf, pretty } from './call-texts.ts'
import styles from './Drawer.module.css'

interface Kept {
  readonly arguments: string | null
  readonly answer: string | null
}

/** What went out and came back, and the way to send it again. */
export function CallBody({ call, open }: { readonly call: PluginCall; readonly open: OpenPlugin }) {
  const t = useText()
  const { callId, pluginId, operationId, recorded, url } = call
  const [kept, setKept] = useState<Kept | null>(recorded ? null : { arguments: null, answer: null })
  const [error, setError] = useState<unknown>(null)
  useEffect(() => {
    if (!recorded) return
    let current = true
    rpc.plugins.recordedCall({ callId }).then(
      (answer) => current && setKept(answer),
      (failure) => current && setError(failure),
    )
    return () => {
      current = false
    }
  }, [callId, recorded])

  if (error) return <Failed error={error} />
  if (kept === null) return <SkeletonRows count={3} />
  const given = argumentsOf(kept.arguments)
  const repeat = () => {
    if (given) useTryIt.getState().draft(pluginId, operationId, given)
    open(pluginId, 'tools', operationId)
  }
  return (
    <div className={styles['callBody']}>
      <Payload title={t('plugins.address')} text={url} />
      {kept.arguments === null && kept.answer === null && (
        <p className={styles['note']}>{t(recorded ? 'plugins.payloadGone' : 'plugins.notRecorded')}</p>
      )}
      {kept.arguments !== null && <Payload title={t('plugins.arguments')} text={pretty(kept.arguments)} />}
      {kept.answer !== null && <Payload title={t('plugins.answer')} text={pretty(kept.answer)} />}
      <div className={styles['buttons']}>
        <Button icon={Repeat} onClick={repeat}>
          {t(given ? 'plugins.repeat' : 'plugins.openTool')}
        </Button>
      </div>
    </div>
  )
}

function Payload({ title, text }: { readonly title: string; readonly text: string }) {
  const t = useText()
  return (
    <div>
      <div className={styles['payloadHead']}>
        {title}
        <CopyButton text={text} label={t('common.copyNamed', { name: title })} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long payload scrolls, so the keyboard must reach it */}
      <pre className={styles['payload']} tabIndex={0}>
        {text}
      </pre>
    </div>
  )
}
