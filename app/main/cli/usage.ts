import { type ParseArgsConfig, parseArgs } from 'node:util'
import { AppError } from '../../shared/errors.ts'

const usages = {
  serve: `pilothouse serve [--port N] [--data DIR] [--open] [--json]
  Serves the console to browsers on this machine until it is told to end (SIGTERM or Ctrl+C).
  Prints one line: the address, which signs one browser in, once.

  --port N    the port on 127.0.0.1; a free one unless given
  --data DIR  where everything is kept; one console at a time uses it
  --open      also open the address in a browser
  --json      print {"url","pid","data","docker"} instead
`,
  open: `pilothouse open [--data DIR]
  Prints an address of the running console that signs one more browser in, once.
`,
  services: `pilothouse services ls                          list them
pilothouse services inspect NAME                one of them in detail, hidden values left out
pilothouse services start|stop|restart NAME…    do it and wait until it is done
pilothouse services logs NAME [-f] [--tail N]   its newest lines; with -f also what follows
  NAME is a container's name, its service in a Compose project, or the beginning of its id.
  Uses the running console, or does the same by itself when there is none.

  --grace N   seconds that a service may take to end before it is killed (stop, restart; 10)
  --tail N    how many lines to begin with (logs; 1000)
  -f          follow (logs)
  --data DIR  the console's data folder
  --json      print JSON
`,
  plugins: `pilothouse plugins check PATH [--strict] [--json]
  Reads a plugin package (a folder, an archive, one document), says what it holds, what is wrong with it and where, and
  what an import would mend in its copy. Needs no console and changes nothing. Ends with 1 where there are errors.

  --strict    apply upstream's rules unchanged: what would be mended is an error
  --json      print {"kind","plugins","findings"} instead
`,
} as const
export type Command = keyof typeof usages

export const usageOf = (command: Command): string => usages[command]

/** The help of one command, or of all. */
export const help = (command: string | undefined): string =>
  command !== undefined && Object.hasOwn(usages, command)
    ? usages[command as Command]
    : `${Object.values(usages).join('\n')}
pilothouse --version
Exit codes: 0 done, 1 failed, 2 wrong use.
`

/** `parseArgs` whose complaints are WRONG_USE. */
export function parse<T extends ParseArgsConfig>(config: T): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config)
  } catch (error) {
    // Node's message goes on about how to pass such a value all the same.
    const [reason = ''] = (error as Error).message.split('. ')
    throw new AppError('WRONG_USE', { reason: `${reason.replace(/\.$/, '')}.` })
  }
}

/** A whole number within bounds, or WRONG_USE. */
export function wholeNumber(name: string, text: string, least: number, most: number): number {
  const value = Number(text)
  if (/^\d{1,9}$/.test(text) && value >= least && value <= most) return value
  throw new AppError('WRONG_USE', { reason: `${name} takes a whole number from ${least} to ${most}.` })
}
