import type { Entry } from '../../../shared/contracts/audit.ts'
import type { TextKey } from '../../i18n/catalogue.ts'
import { type Translate, useText } from '../../i18n/language.ts'
import { RelativeTime } from '../../ui/RelativeTime.tsx'
import { type Mark, StateMark } from '../../ui/StateMark.tsx'
import styles from './EntryList.module.css'
import { detailOf, targetName, withoutStarts } from './entries.ts'

const marks: Record<Entry['outcome'], Mark> = {
  started: 'busy',
  done: 'ok',
  failed: 'fail',
  cancelled: 'stopped',
  interrupted: 'warn',
}
const outcomes: Record<Entry['outcome'], TextKey> = {
  started: 'changes.started',
  done: 'changes.done',
  failed: 'changes.failed',
  cancelled: 'changes.cancelled',
  interrupted: 'changes.interrupted',
}
const actors: Record<Entry['actor'], TextKey> = {
  desktop: 'changes.byDesktop',
  browser: 'changes.byBrowser',
  cli: 'changes.byCli',
  console: 'changes.byConsole',
  platform: 'changes.byPlatform',
}
const actions: Readonly<Record<string, TextKey>> = {
  'service.start': 'changes.serviceStart',
  'service.stop': 'changes.serviceStop',
  'service.restart': 'changes.serviceRestart',
  'service.pause': 'changes.servicePause',
  'service.unpause': 'changes.serviceUnpause',
  'service.kill': 'changes.serviceKill',
  'service.remove': 'changes.serviceRemove',
  'service.recreate': 'changes.serviceRecreate',
  'service.setRestartPolicy': 'changes.servicePolicy',
  'service.rename': 'changes.serviceRename',
  'service.connectNetwork': 'changes.serviceConnect',
  'service.disconnectNetwork': 'changes.serviceDisconnect',
  'environment.reveal': 'changes.reveal',
  'image.remove': 'changes.imageRemove',
  'terminal.open': 'changes.terminal',
  'key.add': 'changes.keyAdd',
  'key.change': 'changes.keyChange',
  'key.remove': 'changes.keyRemove',
  'key.enable': 'changes.keyEnable',
  'key.disable': 'changes.keyDisable',
  'key.rotate': 'changes.keyRotate',
  'key.reveal': 'changes.keyReveal',
  'key.test': 'changes.keyTest',
  'key.resetCooldown': 'changes.keyReset',
  'key.export': 'changes.keyExport',
  'token.create': 'changes.tokenCreate',
  'token.change': 'changes.tokenChange',
  'token.revoke': 'changes.tokenRevoke',
  'agent.create': 'changes.agentCreate',
  'agent.change': 'changes.agentChange',
  'agent.remove': 'changes.agentRemove',
  'registry.register': 'changes.registryRegister',
  'registry.remove': 'changes.registryRemove',
  'feature.add': 'changes.featureAdd',
  'feature.change': 'changes.featureChange',
  'feature.remove': 'changes.featureRemove',
  'feature.rollback': 'changes.featureRollback',
  'plugin.import': 'changes.pluginImport',
  'plugin.activate': 'changes.pluginActivate',
  'plugin.enable': 'changes.pluginEnable',
  'plugin.disable': 'changes.pluginDisable',
  'plugin.configure': 'changes.pluginConfigure',
  'plugin.remove': 'changes.pluginRemove',
  'plugin.signIn': 'changes.pluginSignIn',
  'plugin.signOut': 'changes.pluginSignOut',
  'plugin.replay': 'changes.pluginReplay',
  'plugin.setRecording': 'changes.pluginRecording',
  'plugin.clearCalls': 'changes.pluginClear',
  'plugin.backup': 'changes.pluginBackup',
  'plugin.restoreBackup': 'changes.pluginRestore',
  'plugin.watch': 'changes.pluginWatch',
  'plugin.unwatch': 'changes.pluginUnwatch',
  'plugin.reload': 'changes.pluginReload',
  'vault.lock': 'changes.vaultLock',
  'vault.unlock': 'changes.vaultUnlock',
  'vault.refuse': 'changes.vaultRefuse',
  'vault.setPassphrase': 'changes.vaultPassphrase',
  'vault.rotate': 'changes.vaultRotate',
  'settings.set': 'changes.settings',
  'store.restore': 'changes.restore',
  'store.startEmpty': 'changes.startEmpty',
}

/** Lines of the audit trail as sentences, newest first. */
export function EntryList({ entries }: { readonly entries: readonly Entry[] }) {
  const t = useText()
  return (
    <ul className={styles['list']}>
      {withoutStarts(entries).map((entry) => (
        <li key={entry.sequence} className={styles['entry']}>
          <StateMark state={marks[entry.outcome]} label={t(outcomes[entry.outcome])} />
          <div className={styles['text']}>
            <div>
              {sentence(entry, t)}
              {detailOf(entry) !== '' && <span className={styles['quiet']}> {detailOf(entry)}</span>}
            </div>
            <div className={styles['quiet']}>
              <RelativeTime time={entry.time} /> · {t(actors[entry.actor])}
              {entry.outcome !== 'done' && ` · ${t(outcomes[entry.outcome])}`}
              {entry.code !== null && ` · ${entry.code}`}
            </div>
          </div>
        </li>
      ))}
    </ul>
  )
}

function sentence(entry: Entry, t: Translate): string {
  const key = actions[entry.action]
  return key ? t(key, { name: targetName(entry) }) : `${entry.action} ${targetName(entry)}`
}
