import { type settings as contract, defaultSettings, Settings } from '../../../shared/contracts/settings.ts'
import type { Actor, Emit, Handlers, Unsubscribe } from '../../../shared/rpc/contract.ts'
import type { Db } from '../../db/db.ts'
import type { Audit } from '../../lib/audit.ts'
import { createEmitter } from '../../lib/emitter.ts'
import { fromJson } from '../../lib/json.ts'
import type { Log } from '../../lib/log.ts'

type Key = keyof Settings
const keys = Object.keys(defaultSettings) as Key[]

export function createSettings(options: { db: Db; audit: Audit; log: Log }) {
  const { db, audit, log } = options
  const updates = createEmitter<Settings>()
  let current = read()

  function read(): Settings {
    const rows = db.all<{ key: string; value: string }>('SELECT key, value FROM settings')
    const found = new Map(rows.map(({ key, value }) => [key, value]))
    const valid = keys.map((key) => {
      const text = found.get(key)
      if (text === undefined) return [key, defaultSettings[key]]
      const parsed = Settings.shape[key].safeParse(fromJson(text))
      if (!parsed.success) log.warn('settings', 'value not usable, default taken', { key })
      return [key, parsed.success ? parsed.data : defaultSettings[key]]
    })
    return Object.fromEntries(valid) as Settings
  }

  return {
    current: () => current,
    /** All of them or none; what is already so is left alone. */
    set(change: { readonly [K in Key]?: Settings[K] | undefined }, actor: Actor): void {
      const changed = keys.filter((key) => change[key] !== undefined && !same(change[key], current[key]))
      if (changed.length === 0) return
      const next = { ...current, ...Object.fromEntries(changed.map((key) => [key, change[key]])) }
      const part = (of: Settings) => Object.fromEntries(changed.map((key) => [key, of[key]]))
      db.transaction(() => {
        for (const key of changed) {
          db.run('INSERT OR REPLACE INTO settings (key, value) VALUES (?, ?)', key, JSON.stringify(next[key]))
        }
        const target = { target: changed.join(', '), targetId: 'settings' }
        audit.note({ actor, action: 'settings.set', ...target, before: part(current), after: part(next) })
      })
      current = next
      updates.emit(next)
    },
    follow(listener: Emit<Settings> | ((settings: Settings) => void)): Unsubscribe {
      listener(current)
      return updates.listen((settings) => void listener(settings))
    },
  }
}
export type SettingsStore = ReturnType<typeof createSettings>

export const settingsHandlers = (
  settings: SettingsStore,
  setStartAtLogin: (on: boolean) => void,
): Handlers<typeof contract> => ({
  set: (change, { actor }) => {
    // The system first: when it refuses, the setting does not claim otherwise.
    const { startAtLogin } = change
    if (startAtLogin !== undefined && startAtLogin !== settings.current().startAtLogin) setStartAtLogin(startAtLogin)
    settings.set(change, actor)
  },
  onUpdates: (emit) => settings.follow(emit),
})

/** Plain JSON values written by the same code: equal text is equal value. */
const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)
