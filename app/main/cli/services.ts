import type { LogLine, Service, ServiceAction, ServiceDetails } from '../../shared/contracts/services.ts'
import { AppError } from '../../shared/errors.ts'
import { currentServices, findService, first } from './current.ts'
import { openSession, type Session } from './session.ts'
import { ago, portText, stateText, table } from './table.ts'
import { parse, wholeNumber } from './usage.ts'
import { print, printJson } from './verbs.ts'

interface Options {
  readonly json: boolean
  readonly follow: boolean
  readonly tail: number
  readonly grace: number
}
interface Verb {
  /** How many names it takes. */
  readonly names: readonly [least: number, most: number]
  readonly run: (session: Session, names: string[], options: Options) => Promise<void>
}

const verbs: Readonly<Record<string, Verb>> = {
  ls: { names: [0, 0], run: list },
  inspect: { names: [1, 1], run: inspect },
  start: { names: [1, 100], run: act(() => ({ kind: 'start' }), 'started') },
  stop: { names: [1, 100], run: act((graceSeconds) => ({ kind: 'stop', graceSeconds }), 'stopped') },
  restart: { names: [1, 100], run: act((graceSeconds) => ({ kind: 'restart', graceSeconds }), 'restarted') },
  logs: { names: [1, 1], run: logs },
}

/** `pilothouse services …` */
export async function services(args: string[]): Promise<void> {
  const { values, positionals } = parse({
    args,
    allowPositionals: true,
    options: {
      data: { type: 'string' },
      json: { type: 'boolean', default: false },
      follow: { type: 'boolean', short: 'f', default: false },
      tail: { type: 'string', default: '1000' },
      grace: { type: 'string', default: '10' },
    },
  })
  const [name = '', ...names] = positionals
  const verb = Object.hasOwn(verbs, name) ? verbs[name]! : null
  if (!verb) throw new AppError('WRONG_USE', { reason: `services knows ${Object.keys(verbs).join(', ')}.` })
  const [least, most] = verb.names
  if (names.length < least) throw new AppError('WRONG_USE', { reason: `services ${name} needs the name of a service.` })
  if (names.length > most) throw new AppError('WRONG_USE', { reason: `services ${name} does not take ${names[most]}.` })
  const options = {
    json: values.json,
    follow: values.follow,
    tail: wholeNumber('--tail', values.tail, 0, 10_000),
    grace: wholeNumber('--grace', values.grace, 0, 3600),
  }
  const session = await openSession(values.data)
  try {
    await verb.run(session, names, options)
  } finally {
    await session.close()
  }
}

async function list(session: Session, _names: string[], { json }: Options): Promise<void> {
  const all = await currentServices(session)
  if (json) return void printJson(all)
  if (all.length === 0) return void print('Docker has no containers.')
  const rows = all.map((service) => [
    service.name,
    stateText(service),
    service.project ?? '',
    service.image,
    service.ports.map(portText).filter(Boolean).join(' '),
    ago(startOf(service)),
  ])
  print(table(['NAME', 'STATE', 'PROJECT', 'IMAGE', 'PORTS', 'SINCE'], rows))
}

const startOf = ({ state }: Service): number | null =>
  state.kind === 'running' || state.kind === 'paused'
    ? state.startedAt
    : state.kind === 'stopped'
      ? state.finishedAt
      : null

async function inspect(session: Session, [name = '']: string[], { json }: Options): Promise<void> {
  const service = findService(await currentServices(session), name)
  const details = await first<ServiceDetails>(10_000, (resolve, reject) =>
    session.rpc.services.onDetails(
      (update) =>
        update.kind === 'details'
          ? resolve(update.details)
          : reject(new AppError('SERVICE_NOT_FOUND', { name: service.name })),
      { id: service.id },
      reject,
    ),
  )
  if (json) return void printJson(details)
  const lines: [string, string | number | readonly string[]][] = [
    ['Name', details.name],
    ['Id', details.id],
    ['State', stateText(service)],
    ['Image', `${details.image} (${details.imageId})`],
    ['Command', [...details.entrypoint, ...details.command].join(' ')],
    ['Error', details.error],
    ['Restarts', `${details.restartCount}, policy ${details.restartPolicy.name}`],
    ['Ports', details.ports.map(portText).filter(Boolean).join(' ')],
    ['Networks', details.networks.map((network) => `${network.name} ${network.ipAddress}`.trim())],
    [
      'Mounts',
      details.mounts.map((mount) => `${mount.source} → ${mount.target}${mount.readOnly ? ' (read only)' : ''}`),
    ],
    ['Environment', details.environment.map((one) => `${one.name}=${one.value ?? '***'}`)],
    ['Labels', details.labels.map((label) => `${label.name}=${label.value}`)],
  ]
  for (const [label, value] of lines) {
    const [head = '', ...rest] = typeof value === 'object' ? value : [String(value)]
    if (head !== '')
      print([`${label.padEnd(12)} ${head}`, ...rest.map((line) => `${' '.repeat(13)}${line}`)].join('\n'))
  }
}

function act(action: (graceSeconds: number) => ServiceAction, done: string): Verb['run'] {
  return async (session, names, { json, grace }) => {
    const all = await currentServices(session)
    // The same service may be named twice, once by its name and once by its id.
    const chosen = [...new Set(names.map((name) => findService(all, name)))]
    await session.rpc.services.act({ ids: chosen.map(({ id }) => id), action: action(grace) })
    if (json) printJson({ [done]: chosen.map(({ id, name }) => ({ id, name })) })
    else for (const { name } of chosen) print(`${name} ${done}`)
  }
}

async function logs(session: Session, [name = '']: string[], options: Options): Promise<void> {
  const service = findService(await currentServices(session), name)
  let newest = ''
  const show = (line: LogLine) => {
    newest = line.time ?? newest
    if (options.json) printJson(line)
    else (line.stream === 'stderr' ? process.stderr : process.stdout).write(`${line.text}\n`)
  }
  await first<void>(0, (resolve, reject) => {
    process.once('SIGINT', () => resolve())
    return session.rpc.services.onLogs(
      (update) => {
        if (update.kind === 'ended') {
          return update.reason === null
            ? resolve()
            : reject(new AppError('DOCKER_REFUSED', { status: 0, reason: update.reason }))
        }
        // A terminal that reads too slowly is sent a snapshot again: only what is newer is new.
        const seen = newest
        for (const line of update.lines)
          if (update.kind === 'lines' || (line.time ?? seen) > seen || seen === '') show(line)
        if (!options.follow) resolve()
      },
      { id: service.id, tail: options.tail },
      reject,
    )
  })
}
