// Source for the isolated world of the preload: the `electron` that a sandboxed preload sees, and contextBridge's half.
import type { Packed } from './page-world.ts'

export interface PreloadInfo {
  readonly file: string
  readonly platform: string
  readonly versions: Record<string, string | undefined>
}
type Listener = (event: object, ...args: unknown[]) => void

export function preloadWorld(
  info: PreloadInfo,
  { encode, decode }: { encode: (value: unknown) => string; decode: (text: string) => unknown },
  run: (require: unknown, module: unknown, exports: unknown, process: unknown) => void,
): void {
  const world = globalThis as unknown as Record<string, (text: string) => void>
  const functions: ((...args: unknown[]) => unknown)[] = []
  const heard = new Map<string, Listener[]>()
  const fire = (name: string, detail: object) =>
    document.dispatchEvent(new CustomEvent(`electron-double:${name}`, { detail }))

  const pack = (value: unknown): Packed => {
    if (typeof value === 'function') return { kind: 'function', id: functions.push(value as never) - 1 }
    if (value === null || typeof value !== 'object') return { kind: 'value', value }
    return { kind: 'object', entries: Object.entries(value).map(([key, inner]) => [key, pack(inner)]) }
  }
  const build = (packed: Packed): unknown => {
    if (packed.kind === 'value') return packed.value
    if (packed.kind === 'object') throw new Error('objects do not cross to the preload here')
    return (...args: unknown[]) => void fire('callback', { id: packed.id, args: args.map(pack) })
  }
  document.addEventListener('electron-double:call', (event) => {
    const { id, args } = (event as CustomEvent).detail as { id: number; args: Packed[] }
    try {
      fire('answer', { ok: pack(functions[id]!(...args.map(build))) })
    } catch (error) {
      fire('answer', { error: String(error) })
    }
  })
  world['__electronDoubleReceive'] = (text) => {
    const { channel, args } = decode(text) as { channel: string; args: unknown[] }
    for (const listener of heard.get(channel) ?? []) listener({}, ...args)
  }

  const electron = {
    ipcRenderer: {
      send: (channel: string, ...args: unknown[]) => world['__electronDouble']!(encode({ channel, args })),
      on: (channel: string, listener: Listener) => void heard.set(channel, [...(heard.get(channel) ?? []), listener]),
    },
    contextBridge: { exposeInMainWorld: (key: string, api: object) => fire('expose', { key, api: pack(api) }) },
  }
  const require = (name: string) => {
    if (name === 'electron' || name === 'electron/renderer') return electron
    throw new Error(`module not found: ${name}`) // as a sandboxed preload answers
  }
  const module = { exports: {} }
  try {
    run(require, module, module.exports, { platform: info.platform, versions: info.versions, type: 'renderer' })
  } catch (error) {
    console.error(`Unable to load preload script: ${info.file}`, error)
    throw error
  }
}
