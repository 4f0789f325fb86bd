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
