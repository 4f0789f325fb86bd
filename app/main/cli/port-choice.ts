import { AppError } from '../../shared/errors.ts'
import type { PortChoice } from '../platform/port-plan.ts'
import { wholeNumber } from './usage.ts'

/** Where the local platform is to answer, of the options of a command line; null leaves it to the settings. */
export function portChoice(values: {
  readonly ports?: string | undefined
  readonly 'port-base'?: string | undefined
  readonly platform?: boolean | undefined
}): PortChoice | null {
  const { ports, 'port-base': base, platform } = values
  if ([ports !== undefined, base !== undefined, platform === false].filter(Boolean).length > 1) {
    throw new AppError('WRONG_USE', { reason: 'Give one of --ports, --port-base and --no-platform.' })
  }
  if (platform === false) return { kind: 'off' }
  if (base !== undefined) return { kind: 'base', base: wholeNumber('--port-base', base, 1, 65_530) }
  if (ports === undefined) return null
  const list = ports.split(',').map((port) => wholeNumber('--ports', port.trim(), 1, 65_535))
  if (list.length > 6 || new Set(list).size < list.length) {
    throw new AppError('WRONG_USE', { reason: '--ports takes up to six different ports.' })
  }
  return { kind: 'list', ports: list }
}
