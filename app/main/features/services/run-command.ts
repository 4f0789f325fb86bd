import { quote } from '../../../shared/shell-quote.ts'
import type { Inspected } from '../../docker/engine.ts'
import { looksSecret, MASK, maskArguments } from '../../lib/secrets.ts'
import { maskLabel } from './details.ts'
import { at, flag, list, number, objectOf, text, texts } from './raw-inspect.ts'

/**
 * The `docker run` line that would make this container, quoted for a POSIX shell. Further networks follow as
 * `docker network connect`, which every version of the CLI understands. Unless `reveal`, secrets are `***`.
 */
export function runCommand({ raw, container, details }: Inspected, reveal: boolean): string {
  const config = objectOf(at(raw, 'Config'))
  const host = objectOf(at(raw, 'HostConfig'))
  const { id } = container
  const env = (pair: string) => {
    const [name = '', value = ''] = splitOnce(pair, '=')
    return reveal || !looksSecret(name, value) ? pair : `${name}=${MASK}`
  }
  const label = ([name, value]: [string, unknown]) => `${name}=${reveal ? text(value) : maskLabel(name, text(value))}`
  const each = (option: string, values: readonly string[]) => values.flatMap((value) => [option, value])
  const optional = (option: string, value: string | number) => (value === '' || value === 0 ? [] : [option, `${value}`])
  const entrypoint = texts(config['Entrypoint'])
  const command = texts(config['Cmd'])
  const networks = networksOf(raw, container.name, id)
  const [first, ...others] = networks
  const mode = text(host['NetworkMode'])
  const shared = /^(?:host|none|container:)/.test(mode)
  const hostname = text(config['Hostname'])

  const line = [
    ...['docker', 'run', '-d', '--name', container.name],
    ...(flag(config['Tty']) ? ['-t'] : []),
    ...(flag(config['OpenStdin']) ? ['-i'] : []),
    ...(flag(host['AutoRemove']) ? ['--rm'] : []),
    ...(host['Init'] === true ? ['--init'] : []),
    ...restartPolicy(objectOf(host['RestartPolicy'])),
    ...each('-p', publishedPorts(objectOf(host['PortBindings']))),
    ...(flag(host['PublishAllPorts']) ? ['-P'] : []),
    ...each('-e', texts(config['Env']).map(env)),
    ...mounts(
      raw,
      host,
      details.mounts.filter((mount) => mount.anonymous).map((mount) => mount.target),
    ),
    ...(shared ? ['--network', mode] : first ? networkOptions(first) : []),
    ...optional('--memory', number(host['Memory'])),
    ...cpus(host),
    ...optional('--shm-size', number(host['ShmSize']) === 67108864 ? 0 : number(host['ShmSize'])),
    ...optional('--user', text(config['User'])),
    ...optional('--workdir', text(config['WorkingDir'])),
    ...(hostname !== '' && !id.startsWith(hostname) && !shared ? ['--hostname', hostname] : []),
    ...each('--label', Object.entries(objectOf(config['Labels'])).filter(isOwnLabel).map(label)),
    ...(flag(host['Privileged']) ? ['--privileged'] : []),
    ...(flag(host['ReadonlyRootfs']) ? ['--read-only'] : []),
    ...each('--cap-add', texts(host['CapAdd'])),
    ...each('--cap-drop', texts(host['CapDrop'])),
    ...each('--security-opt', texts(host['SecurityOpt'])),
    ...each('--add-host', texts(host['ExtraHosts'])),
    ...each('--dns', texts(host['Dns'])),
    ...each('--device', list(host['Devices']).map(device)),
    ...optional('--pid', text(host['PidMode'])),
    ...optional('--stop-signal', text(config['StopSignal'])),
    ...optional('--stop-timeout', number(config['StopTimeout'])),
    ...logging(objectOf(host['LogConfig'])),
    ...healthOptions(objectOf(config['Healthcheck']), reveal),
    ...(entrypoint[0] === undefined ? [] : ['--entrypoint', entrypoint[0]]),
    text(config['Image']) || container.image,
    ...(reveal ? [...entrypoint.slice(1), ...command] : maskArguments([...entrypoint.slice(1), ...command])),
  ]
  const connects = shared
    ? []
    : others.map((network) => ['docker', 'network', 'connect', ...connectOptions(network, container.name)])
  return [line, ...connects].map((words) => words.map(quote).join(' ')).join(' && ')
}

function splitOnce(pair: string, separator: string): [string, string] {
  const index = pair.indexOf(separator)
  return index < 0 ? [pair, ''] : [pair.slice(0, index), pair.slice(index + 1)]
}

// Compose writes these for itself; with them the copy would count as a container of the project.
const isOwnLabel = ([name]: [string, unknown]) => !/^(?:com\.docker\.compose\.|desktop\.docker\.io\/)/.test(name)

function restartPolicy(policy: Record<string, unknown>): string[] {
  const name = text(policy['Name'])
  const retries = number(policy['MaximumRetryCount'])
  if (name === '' || name === 'no') return []
  return ['--restart', name === 'on-failure' && retries > 0 ? `${name}:${retries}` : name]
}

function publishedPorts(bindings: Record<string, unknown>): string[] {
  return Object.entries(bindings).flatMap(([port, targets]) =>
    list(targets).map((target) => {
      const { HostIp, HostPort } = objectOf(target)
      const ip = text(HostIp)
      const address = ip === '' ? '' : `${ip.includes(':') ? `[${ip}]` : ip}:`
      const [number, protocol] = splitOnce(port, '/')
      return `${address}${text(HostPort)}:${number}${protocol === 'tcp' || protocol === '' ? '' : `/${protocol}`}`.replace(
        /^:/,
        '',
      )
    }),
  )
}

function mounts(raw: unknown, host: Record<string, unknown>, anonymous: readonly string[]): string[] {
  const binds = texts(host['Binds'])
  const written = new Set(binds.map((bind) => bind.split(':')[1] ?? bind))
  const given = list(host['Mounts']).map(objectOf)
  const asMount = given.map((mount) => {
    const fields = [`type=${text(mount['Type'])}`]
    if (text(mount['Source']) !== '') fields.push(`source=${text(mount['Source'])}`)
    fields.push(`target=${text(mount['Target'])}`)
    if (flag(mount['ReadOnly'])) fields.push('readonly')
    return fields.join(',')
  })
  for (const mount of given) written.add(text(mount['Target']))
  const tmpfs = Object.entries(objectOf(host['Tmpfs'])).map(([path, how]) =>
    text(how) === '' ? path : `${path}:${text(how)}`,
  )
  // What an image declares as a volume, or `-v /path` asked for, gets a fresh volume again; it has no other name.
  const fresh = anonymous.filter((target) => !written.has(target))
  const named = list(at(raw, 'Mounts'))
    .map(objectOf)
    .filter((mount) => {
      const target = text(mount['Destination'])
      return text(mount['Type']) === 'volume' && !written.has(target) && !anonymous.includes(target)
    })
  return [
    ...binds.flatMap((bind) => ['-v', bind]),
    ...named.flatMap((mount) => [
      '-v',
      `${text(mount['Name'])}:${text(mount['Destination'])}${mount['RW'] === false ? ':ro' : ''}`,
    ]),
    ...fresh.flatMap((target) => ['-v', target]),
    ...asMount.flatMap((mount) => ['--mount', mount]),
    ...tmpfs.flatMap((mount) => ['--tmpfs', mount]),
  ]
}

interface Network {
  readonly name: string
  readonly aliases: readonly string[]
  readonly address: string
}
/** The one it was made in first; the default bridge alone is left out, as nobody writes it. */
function networksOf(raw: unknown, name: string, id: string): Network[] {
  const mode = text(at(raw, 'HostConfig', 'NetworkMode'))
  const all = Object.entries(objectOf(at(raw, 'NetworkSettings', 'Networks'))).map(
    ([network, settings]): Network => ({
      name: network,
      aliases: texts(objectOf(settings)['Aliases']).filter((alias) => alias !== name && !id.startsWith(alias)),
      address: text(at(settings, 'IPAMConfig', 'IPv4Address')),
    }),
  )
  all.sort((a, b) => Number(b.name === mode) - Number(a.name === mode))
  return all.length === 1 && all[0]?.name === 'bridge' ? [] : all
}
const networkOptions = ({ name, aliases, address }: Network): string[] => [
  ...['--network', name],
  ...aliases.flatMap((alias) => ['--network-alias', alias]),
  ...(address === '' ? [] : ['--ip', address]),
]
const connectOptions = ({ name, aliases, address }: Network, container: string): string[] => [
  ...aliases.flatMap((alias) => ['--alias', alias]),
  ...(address === '' ? [] : ['--ip', address]),
  ...[name, container],
]

function cpus(host: Record<string, unknown>): string[] {
  const quota = number(host['CpuQuota'])
  const period = number(host['CpuPeriod'])
  const cores = number(host['NanoCpus']) / 1e9 || (quota > 0 && period > 0 ? quota / period : 0)
  const set = text(host['CpusetCpus'])
  return [...(cores > 0 ? ['--cpus', `${cores}`] : []), ...(set === '' ? [] : ['--cpuset-cpus', set])]
}

function device(value: unknown): string {
  const { PathOnHost, PathInContainer, CgroupPermissions } = objectOf(value)
  const permissions = text(CgroupPermissions)
  return `${text(PathOnHost)}:${text(PathInContainer)}${permissions === '' || permissions === 'rwm' ? '' : `:${permissions}`}`
}

function logging(config: Record<string, unknown>): string[] {
  const driver = text(config['Type'])
  const options = Object.entries(objectOf(config['Config'])).flatMap(([name, value]) => [
    '--log-opt',
    `${name}=${text(value)}`,
  ])
  return [...(driver === '' || driver === 'json-file' ? [] : ['--log-driver', driver]), ...options]
}

function healthOptions(check: Record<string, unknown>, reveal: boolean): string[] {
  const [kind, ...words] = texts(check['Test'])
  if (kind === undefined) return []
  if (kind === 'NONE') return ['--no-healthcheck']
  const shown = reveal ? words : maskArguments(words)
  // The option takes a line for the shell; an exec-form check becomes one that does the same.
  const options = ['--health-cmd', kind === 'CMD-SHELL' ? shown.join(' ') : shown.map(quote).join(' ')]
  for (const [option, field] of [
    ['--health-interval', 'Interval'],
    ['--health-timeout', 'Timeout'],
    ['--health-start-period', 'StartPeriod'],
  ] as const) {
    const nanoseconds = number(check[field])
    if (nanoseconds > 0) options.push(option, `${nanoseconds / 1e6}ms`)
  }
  const retries = number(check['Retries'])
  return retries > 0 ? [...options, '--health-retries', `${retries}`] : options
}
