import type { Host } from '../../app/main/lib/host.ts'

/** A host without a screen; `done` lists what it was asked for. */
export function fakeHost(): Host & { readonly done: string[] } {
  const done: string[] = []
  return {
    done,
    kind: 'browser',
    capabilities: {
      tray: false,
      startAtLogin: true,
      nativeNotifications: false,
      saveDialog: false,
      secretStorage: 'key-file',
    },
    saveFile: async (name) => {
      done.push(`save ${name}`)
      return { kind: 'cancelled' }
    },
    notify: ({ title }) => void done.push(`notify ${title}`),
    setStartAtLogin: (on) => void done.push(`start at login ${on}`),
  }
}
