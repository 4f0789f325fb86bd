import type { Port, Service } from '../../shared/contracts/services.ts'

/** Columns beside one another, two blanks between; Chinese counts two columns a character. */
export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = heads.map((head, i) => Math.max(width(head), ...rows.map((row) => width(row[i] ?? ''))))
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, i) => cell + ' '.repeat(Math.max(0, widths[i]! - width(cell))))
      .join('  ')
      .trimEnd()
  return [heads, ...rows].map(line).join('\n')
}

const wide = /[\u1100-\u115f\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]/gu
const width = (text: string) => text.length + (text.match(wide)?.length ?? 0)

/** The state in a few words: "running", "running, unhealthy", "exited 137 (out of memory)". */
export function stateText({ state, health, requested }: Service): string {
  if (requested !== null) return `${requested}…`
  if (state.kind === 'stopped') return `exited ${state.exitCode ?? '?'}${state.outOfMemory ? ' (out of memory)' : ''}`
  return state.kind === 'running' && health !== 'none' ? `running, ${health}` : state.kind
}

/** "127.0.0.1:8080→80", or nothing for a port that is not published. */
export function portText(port: Port): string {
  if (port.hostPort === null) return ''
  const everywhere = port.hostIp === null || port.hostIp === '0.0.0.0' || port.hostIp === '::'
  const protocol = port.protocol === 'tcp' ? '' : `/${port.protocol}`
  return `${everywhere ? '' : `${port.hostIp}:`}${port.hostPort}→${port.containerPort}${protocol}`
}

const steps: readonly [seconds: number, unit: string][] = [
  [86_400, 'd'],
  [3600, 'h'],
  [60, 'm'],
  [1, 's'],
]

/** How long ago a time (in ms) was, in its largest unit; nothing for null. */
export function ago(time: number | null, now = Date.now()): string {
  if (time === null) return ''
  const seconds = Math.max(0, Math.round((now - time) / 1000))
  const [size, unit] = steps.find(([step]) => seconds >= step) ?? [1, 's']
  return `${Math.floor(seconds / size)} ${unit}`
}
