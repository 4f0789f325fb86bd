import type { Plugin, PluginDetails } from '../../../../shared/contracts/plugins.ts'
import { useText } from '../../../i18n/language.ts'
import { rpc } from '../../../rpc/rpc.ts'
import { run } from '../../../shell/run.ts'
import { Button } from '../../../ui/Button.tsx'
import { KeyValue, type KeyValueItem } from '../../../ui/KeyValue.tsx'
import { Mono } from '../../../ui/Mono.tsx'
import { Switch } from '../../../ui/Switch.tsx'
import { setRecording } from '../plugin-actions.ts'
import { ConfigurationForm } from './ConfigurationForm.tsx'
import styles from './Drawer.module.css'
import { ModelsSection } from './ModelsSection.tsx'
import { SignInSection } from './SignInSection.tsx'

/** What the operator gives the plugin, how it signs in, and what it is. */
export function ConfigurationTab({ plugin, details }: { readonly plugin: Plugin; readonly details: PluginDetails }) {
  const t = useText()
  const { id, recording } = plugin
  return (
    <div className={styles['tab']}>
      <section aria-label={t('plugins.settings')}>
        {details.configuration.length === 0 ? (
          <p className={styles['note']}>{t('plugins.nothingToConfigure')}</p>
        ) : (
          <ConfigurationForm id={id} name={plugin.name} fields={details.configuration} />
        )}
      </section>
      <SignInSection id={id} name={plugin.name} signIn={details.signIn} />
      <section>
        <h3>{t('plugins.recording')}</h3>
        <Switch
          label={t('plugins.recordCalls')}
          hint={t('plugins.recordHint', { count: details.recordedCalls })}
          checked={recording}
          onChange={(next) => void setRecording(plugin, next)}
        />
      </section>
      {details.watchedFolder !== null && <Watched path={details.watchedFolder} />}
      {details.models.length > 0 && <ModelsSection plugin={plugin} models={details.models} />}
      <section>
        <h3>{t('plugins.about')}</h3>
        {plugin.description !== '' && <p className={styles['note']}>{plugin.description}</p>}
        <KeyValue items={facts()} />
      </section>
    </div>
  )

  function facts(): KeyValueItem[] {
    const all: readonly (readonly [key: string, label: string, value: string, copy: boolean])[] = [
      ['id', t('plugins.id'), id, true],
      ['nameForModel', t('plugins.nameForModel'), plugin.nameForModel, true],
      ['server', t('plugins.server'), details.server, true],
      ['author', t('plugins.author'), plugin.author, false],
      ['provider', t('plugins.provider'), plugin.provider, false],
      ['license', t('plugins.license'), details.license, false],
    ]
    return all
      .filter(([, , value]) => value !== '')
      .map(([key, label, value, copy]) => ({
        key,
        label,
        value: copy ? <Mono>{value}</Mono> : value,
        copy: copy ? value : undefined,
      }))
  }
}

function Watched({ path }: { readonly path: string }) {
  const t = useText()
  return (
    <section>
      <h3>{t('plugins.watchedFolder')}</h3>
      <KeyValue items={[{ key: 'path', label: t('plugins.path'), value: <Mono>{path}</Mono>, copy: path }]} />
      <p className={styles['note']}>{t('plugins.watchedText')}</p>
      <Button onClick={() => void run(rpc.plugins.unwatch({ path }))}>{t('plugins.stopWatching')}</Button>
    </section>
  )
}
