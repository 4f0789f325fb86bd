import { type ParseArgsConfig, parseArgs } from 'node:util'
import { AppError } from '../../shared/errors.ts'

const usages = {
  serve: `pilothouse serve [--port N] [--data DIR] [--open] [--json] [--ports A,B,… | --port-base N | --no-platform]
  Serves the console to browsers on this machine, and the local platform to programs on it, until it is told to end
  (SIGTERM or Ctrl+C). Prints one line: the address, which signs one browser in, once.

  --port N       the console's port on 127.0.0.1; a free one unless given
  --data DIR     where everything is kept; one console at a time uses it
  --open         also open the address in a browser
  --ports …      the local platform's ports; 8000,8001,8002,8003,8004,8080 unless the settings say otherwise
  --port-base N  the same six as N … N+5
  --no-platform  no ports for programs
  --json         print {"url","pid","data","docker","platform"} instead
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
  plugins: `pilothouse plugins ls [--json]                            list them
pilothouse plugins import PATH [--no-activate] [--json]   take a package in (a folder, an archive, one document)
pilothouse plugins call PLUGIN OPERATION [--json '{}']    call a tool; its answer is printed as JSON
pilothouse plugins test PLUGIN [--unsafe A,B] [--json]    reach its servers, call its safe operations
pilothouse plugins enable|disable|remove PLUGIN…          a removed one can be restored for 30 days
pilothouse plugins check PATH [--strict] [--json]         read a package and say what it holds and what is wrong with it
  PLUGIN is an id, a name for the model, or a name. call, test and check end with 1 where something failed.
  check needs no console and changes nothing; the others use the running console, or do the same by themselves.

  --json …       call: the arguments, \`-\` reads them from standard input; else: print JSON
  --no-activate  keep the versions without putting them into use (import)
  --unsafe A,B   also call these operations, which may change something (test)
  --strict       apply upstream's rules unchanged: what would be mended is an error (check)
  --data DIR     the console's data folder
`,
  keys: `pilothouse keys ls [--json]                      list keys of vendors, with their state and use
pilothouse keys add VENDOR NAME < SECRET         keep a key; openai, aliyun, openai-compatible or sandbox
pilothouse keys test KEY [--json]                the cheapest real call; ends with 1 where it failed
pilothouse keys enable|disable|reset|remove KEY… reset forgets bench, cooldown and breaker
pilothouse keys rotate KEY < SECRET              the former secret is still tried for a while
  KEY is an id, or a name. A secret is read from standard input only: no history and no list of processes has it.
  Uses the running console, or does the same by itself when there is none.

  --service S --tier T  what it opens at the vendor (default), and when it is tried (primary) (add)
  --base-url URL        where the vendor answers, if not at its own address (add)
  --weight N            its share among keys of the same tier (add; 1)
  --expires TIME        when it expires, as in 2026-12-31 (add)
  --reason TEXT         why (disable)
  --grace HOURS         how long the former secret is still tried (rotate; 24)
  --data DIR            the console's data folder
  --json                print JSON
`,
  features: `pilothouse features ls [--json]                           list them
pilothouse features get NAME [--json]                     the rules of one as YAML, as set takes them
pilothouse features set NAME --file RULES.yaml            change it, or make a new one; \`-\` reads standard input
pilothouse features history NAME [--json]                 its revisions, newest first
pilothouse features rollback NAME REVISION                the rules of then again, as a new revision
pilothouse features remove NAME                           not one of those that every console has
  Uses the running console, or does the same by itself when there is none.

  --revision N  fail when it is at another revision by now (set)
  --data DIR    the console's data folder
  --json        print JSON
`,
  route: `pilothouse route FEATURE [--model M] [--tokens N] [--json]
  What would happen to a request: which key would be asked, which ones after it, and why not the others. Nothing is
  called and nothing is counted. Ends with 1 where nothing can serve it.

  --model M   the model that the caller names
  --tokens N  how many tokens it may take (0)
  --data DIR  the console's data folder
`,
  tokens: `pilothouse tokens ls [--json]                             list what lets callers into the local platform
pilothouse tokens create NAME [options]                   prints the token, this once
pilothouse tokens revoke TOKEN…                           by name, or by the beginning of its id

  --features A,B  --models A,B  --plugins A,B   what it opens (create); all unless given, \`none\` for none
  --rpm N  --tpm N   requests and tokens a minute (create)
  --days N           it expires after so many days (create)
  --data DIR         the console's data folder
  --json             print JSON
`,
  jobs: `pilothouse jobs ls [--limit N] [--json]   list long jobs of vendors, the newest first
pilothouse jobs show JOB [--json]         one of them, with what came of it as JSON
  JOB is an id. Uses the running console, or does the same by itself when there is none.

  --limit N   how many (ls; 50)
  --data DIR  the console's data folder
  --json      print JSON
`,
  agents: `pilothouse agents ls [--json]                             list them
pilothouse agents add NAME [options]                      a new one
pilothouse agents rm AGENT…                               with all that was said with them
pilothouse agents chat AGENT [MESSAGE] [--session ID]     say something, or what standard input says
  AGENT is an id, or a name. The answer is printed as it comes; each tool that is called, and the session at the end, are
  lines on standard error. Ctrl+C stops the answer. chat ends with 1 where there is none.
  Uses the running console, or does the same by itself when there is none.

  --model M           a model or a feature (add; auto)
  --plugins A,B       ids or names of plugins whose tools it may call (add)
  --instructions TEXT what the model is told first; \`-\` reads standard input (add)
  --description TEXT  what it is for (add)
  --session ID        go on with a conversation (chat)
  --data DIR          the console's data folder
  --json              print JSON
`,
  vault: `pilothouse vault status [--json]              whether secrets can be read, and what guards them
pilothouse vault lock                         needs a passphrase to have been set
pilothouse vault unlock < PASSPHRASE
pilothouse vault passphrase < LINES           set one, or change it: the former one on the first line, the new one on the next
pilothouse vault passphrase --remove < FORMER
pilothouse vault rotate [< PASSPHRASE]        a new data key; every secret is sealed again
  A passphrase is read from standard input only: no history and no list of processes has it.
  lock and unlock need the running console; the others use it, or do the same by themselves when there is none.

  --data DIR  the console's data folder
  --json      print JSON
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
