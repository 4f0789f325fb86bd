import { parseArgs } from 'node:util'
import { portChoice } from '../cli/port-choice.ts'
import type { PortChoice } from '../platform/port-plan.ts'
import { routeOfArguments } from './routes.ts'

export interface StartOptions {
  /** The data folder that `--data` asks for. */
  readonly data: string | undefined
  /** Begins in the tray, as at login. */
  readonly hidden: boolean
  /** The page to open with, from `--page=…` or a link. */
  readonly route: string | null
  /** Where the local platform answers, of `--ports`, `--port-base` and `--no-platform`; null leaves it to the settings. */
  readonly platformPorts: PortChoice | null
}

/** What the command line asks. Chromium and the system put their own switches in between; those are left alone. */
export function startOptions(argv: readonly string[]): StartOptions {
  const options = {
    data: { type: 'string' },
    hidden: { type: 'boolean' },
    ports: { type: 'string' },
    'port-base': { type: 'string' },
    'no-platform': { type: 'boolean' },
  } as const
  const text = (value: unknown) => (typeof value === 'string' ? value : undefined)
  const { values } = parseArgs({ args: argv.slice(1), options, strict: false, allowPositionals: true })
  return {
    data: text(values.data),
    hidden: values.hidden === true,
    route: routeOfArguments(argv),
    platformPorts: portChoice({
      ...{ ports: text(values.ports), 'port-base': text(values['port-base']) },
      platform: values['no-platform'] !== true,
    }),
  }
}
