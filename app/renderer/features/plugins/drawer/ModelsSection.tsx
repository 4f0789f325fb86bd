import { useState } from 'react'
import type { Plugin, PluginDetails } from '../../../../shared/contracts/plugins.ts'
import { useText } from '../../../i18n/language.ts'
import { rpc } from '../../../rpc/rpc.ts'
import { useKeys } from '../../../shell/keys-mirror.ts'
import { run } from '../../../shell/run.ts'
import { Button } from '../../../ui/Button.tsx'
import { KeyValue } from '../../../ui/KeyValue.tsx'
import { Mono } from '../../../ui/Mono.tsx'
import styles from './Drawer.module.css'

/** The models that a plugin names, and the way to ask them through the gateway. */
export function ModelsSection({
  plugin,
  models,
}: {
  readonly plugin: Plugin
  readonly models: PluginDetails['models']
}) {
  const t = useText()
  const key = useKeys(({ byId }) => [...byId.values()].find(({ pluginId }) => pluginId === plugin.id))
  const [busy, setBusy] = useState(false)
  async function add(): Promise<void> {
    setBusy(true)
    await run(rpc.keys.addFromPlugin({ pluginId: plugin.id }))
    setBusy(false)
  }
  return (
    <section>
      <h3>{t('plugins.modelsCount', { count: models.length })}</h3>
      {key ? (
        <p className={styles['note']}>
          {t('plugins.gatewayAsks')} <a href={`#/keys/${encodeURIComponent(key.id)}/summary`}>{key.name}</a>
        </p>
      ) : (
        <>
          <p className={styles['note']}>{t('plugins.throughGatewayHint')}</p>
          <Button busy={busy} disabled={plugin.state !== 'active'} onClick={() => void add()}>
            {t('plugins.throughGateway')}
          </Button>
        </>
      )}
      <KeyValue
        items={models.map(({ id: model, kind, label, deprecated }) => ({
          key: model,
          label: kind,
          value: (
            <>
              <Mono>{model}</Mono> {label !== model && label} {deprecated && `· ${t('plugins.deprecated')}`}
            </>
          ),
        }))}
      />
    </section>
  )
}
