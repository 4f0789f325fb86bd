import type { Capabilities } from '../../../shared/contracts/host.ts'
import type { TextKey } from '../../i18n/catalogue.ts'
import type { Translate } from '../../i18n/language.ts'

export type SectionKey =
  | 'appearance'
  | 'docker'
  | 'vault'
  | 'localPlatform'
  | 'console'
  | 'data'
  | 'audit'
  | 'log'
  | 'support'

/** One thing on the page: where it stands and the texts by which it is found. */
interface Part {
  readonly section: SectionKey
  readonly key: string
  readonly words: readonly TextKey[]
  /** It is there only on a host with this. */
  readonly needs?: 'startAtLogin' | 'tray' | 'nativeNotifications'
}

const parts = [
  { section: 'appearance', key: 'language', words: ['settings.language', 'settings.languageSystem'] },
  {
    section: 'appearance',
    key: 'theme',
    words: ['settings.theme', 'settings.themeSystem', 'settings.themeLight', 'settings.themeDark'],
  },
  {
    section: 'docker',
    key: 'endpoint',
    words: [
      'settings.endpoint',
      'settings.endpointHint',
      'settings.endpointAutoHint',
      'settings.endpointContext',
      'settings.addressHint',
    ],
  },
  { section: 'vault', key: 'dataKey', words: ['vault.dataKey', 'vault.dataKeyHint', 'vault.lock', 'vault.unlock'] },
  { section: 'vault', key: 'passphrase', words: ['vault.passphrase', 'vault.passphraseHint'] },
  { section: 'vault', key: 'autoLock', words: ['vault.autoLock', 'vault.autoLockHint'] },
  { section: 'vault', key: 'rotate', words: ['vault.rotate', 'vault.rotateHint'] },
  { section: 'vault', key: 'keyTests', words: ['vault.keyTests', 'vault.keyTestsHint'] },
  {
    section: 'localPlatform',
    key: 'platformPorts',
    words: [
      'settings.platformPorts',
      'settings.platformPortsHint',
      'settings.portsDefault',
      'settings.portsBase',
      'settings.portsOff',
    ],
  },
  { section: 'localPlatform', key: 'openLocalMode', words: ['settings.openLocalMode', 'settings.openLocalModeHint'] },
  {
    section: 'localPlatform',
    key: 'pluginsMayCallLoopback',
    words: ['settings.pluginsMayCallLoopback', 'settings.pluginsMayCallLoopbackHint'],
  },
  {
    section: 'localPlatform',
    key: 'pluginsMayCallPrivate',
    words: ['settings.pluginsMayCallPrivate', 'settings.pluginsMayCallPrivateHint'],
  },
  {
    section: 'console',
    key: 'startAtLogin',
    words: ['settings.startAtLogin', 'settings.startAtLoginHint'],
    needs: 'startAtLogin',
  },
  {
    section: 'console',
    key: 'closeToTray',
    words: ['settings.closeToTray', 'settings.closeToTrayHint'],
    needs: 'tray',
  },
  {
    section: 'console',
    key: 'notifications',
    words: ['settings.notifications', 'settings.notificationsHint'],
    needs: 'nativeNotifications',
  },
  { section: 'data', key: 'folder', words: ['settings.folder', 'settings.folderHint', 'settings.secrets'] },
  {
    section: 'data',
    key: 'database',
    words: ['settings.database', 'settings.databaseChecked', 'settings.databaseSize'],
  },
  { section: 'data', key: 'backups', words: ['settings.backups', 'settings.backupsHint', 'settings.restore'] },
  { section: 'audit', key: 'trail', words: ['settings.auditHint', 'settings.verify', 'settings.hash'] },
  { section: 'log', key: 'lines', words: ['settings.logHint', 'settings.logSearch', 'settings.logLevel'] },
  { section: 'support', key: 'bundle', words: ['settings.bundle', 'settings.bundleHint'] },
  { section: 'support', key: 'versions', words: ['settings.versions', 'settings.runtime', 'settings.platform'] },
] as const satisfies readonly Part[]

export type PartKey = (typeof parts)[number]['key']

/** In the order of the page; the title of each is the text of its key. */
export const sections: readonly SectionKey[] = [
  'appearance',
  'docker',
  'vault',
  'localPlatform',
  'console',
  'data',
  'audit',
  'log',
  'support',
]

/** Whether a setting is there on this host and every word of the query is in its texts or its section's title. */
export function findParts(query: string, t: Translate, capabilities: Capabilities | null): ReadonlySet<PartKey> {
  const wanted = query.toLowerCase().split(/\s+/).filter(Boolean)
  const found = parts.filter((part: Part) => {
    if (part.needs && !capabilities?.[part.needs]) return false
    const text = [t(`settings.${part.section}`), ...part.words.map((key) => t(key))].join(' ').toLowerCase()
    return wanted.every((word) => text.includes(word))
  })
  return new Set(found.map(({ key }) => key))
}

/** The sections that have something to show. */
export const sectionsOf = (found: ReadonlySet<PartKey>): readonly SectionKey[] =>
  sections.filter((section) => parts.some((part) => part.section === section && found.has(part.key)))
