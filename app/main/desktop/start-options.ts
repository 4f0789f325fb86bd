import { parseArgs } from 'node:util'
import { routeOfArguments } from './routes.ts'

export interface StartOptions {
  /** The data folder that `--data` asks for. */
  readonly data: string | undefined
  /** Begins in the tray, as at login. */
  readonly hidden: boolean
  /** The page to open with, from `--page=…` or a link. */
  readonly route: string | null
}

/** What the command line asks. Chromium and the system put their own switches in between; those are left alone. */
export function startOptions(argv: readonly string[]): StartOptions {
  const options = { data: { type: 'string' }, hidden: { type: 'boolean' } } as const
  const { values } = parseArgs({ args: argv.slice(1), options, strict: false, allowPositionals: true })
  return {
    data: typeof values.data === 'string' ? values.data : undefined,
    hidden: values.hidden === true,
    route: routeOfArguments(argv),
  }
}
