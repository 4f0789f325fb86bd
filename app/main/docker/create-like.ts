import { z } from 'zod'
import { InspectMount, isAnonymous } from './parse-inspect.ts'
import { understand } from './parse-list.ts'

const anything = z.record(z.string(), z.unknown())
const texts = z.array(z.string()).nullish()

const Endpoint = z.looseObject({
  NetworkID: z.string().nullish(),
  Aliases: texts,
  IPAMConfig: anything.nullish(),
  Links: texts,
  DriverOpts: anything.nullish(),
  GwPriority: z.number().nullish(),
})
/** What of the engine's JSON is changed; all else is handed back as it came. */
const Raw = z.object({
  Id: z.string().min(12),
  Image: z.string(),
  Config: z.looseObject({ Image: z.string(), Hostname: z.string().nullish() }),
  HostConfig: z.looseObject({
    NetworkMode: z.string().nullish(),
    UTSMode: z.string().nullish(),
    Binds: texts,
    Links: texts,
    Mounts: z.array(z.looseObject({ Target: z.string().nullish(), Source: z.string().nullish() })).nullish(),
  }),
  Mounts: z.array(InspectMount).nullish(),
  NetworkSettings: z.object({ Networks: z.record(z.string(), Endpoint.nullish()).nullish() }).nullish(),
})
type Raw = z.infer<typeof Raw>

/** The requests that make a container like an inspected one. */
export interface Recipe {
  readonly body: Record<string, unknown>
  /** The image itself, for when its name no longer exists. */
  readonly imageId: string
  /** Networks to join after the creation, which takes only one. */
  readonly connect: readonly { readonly network: string; readonly endpoint: Record<string, unknown> }[]
}

/** Turns what inspect answers into what create takes. Anonymous volumes are mounted again by name, so nothing is lost. */
export function recipeOf(raw: unknown): Recipe {
  const data = understand(Raw, raw)
  const [first, ...others] = networksOf(data)
  const { Hostname, ...config } = data.Config
  const mode = data.HostConfig.NetworkMode ?? ''
  const shared = mode.startsWith('container:')
  // The engine refuses a host name or exposed ports of one's own in somebody else's network namespace.
  if (shared) delete config['ExposedPorts']
  const generated = Hostname === data.Id.slice(0, 12)
  const keepHostname = Hostname && !generated && !shared && mode !== 'host' && data.HostConfig.UTSMode !== 'host'
  return {
    imageId: data.Image,
    body: {
      ...config,
      ...(keepHostname && { Hostname }),
      HostConfig: {
        ...data.HostConfig,
        ...volumesOf(data),
        // "/db:/web/alias" in inspect is "db:alias" in create.
        Links: data.HostConfig.Links?.map((link) => link.replace(/^\/([^:]+):.*\/([^/]+)$/, '$1:$2')) ?? null,
        ...(first && { NetworkMode: first.network }),
      },
      ...(first && { NetworkingConfig: { EndpointsConfig: { [first.network]: first.endpoint } } }),
    },
    connect: others,
  }
}

/** The networks to join, the one that is the container's network mode first; none for host, none and container modes. */
function networksOf({ Id, HostConfig, NetworkSettings }: Raw): Recipe['connect'] {
  const mode = HostConfig.NetworkMode ?? 'default'
  if (mode === 'host' || mode === 'none' || mode.startsWith('container:')) return []
  const isMain = (network: string, id: string | null | undefined) =>
    network === (mode === 'default' ? 'bridge' : mode) || id === mode
  return Object.entries(NetworkSettings?.Networks ?? {})
    .map(([network, endpoint]) => ({
      network,
      main: isMain(network, endpoint?.NetworkID),
      endpoint: endpointOf(network, endpoint ?? {}, Id.slice(0, 12)),
    }))
    .sort((a, b) => Number(b.main) - Number(a.main))
    .map(({ network, endpoint }) => ({ network, endpoint }))
}

/** What somebody chose of an endpoint; addresses that the engine gave out are its own to give again. */
function endpointOf(network: string, endpoint: z.infer<typeof Endpoint>, shortId: string): Record<string, unknown> {
  const { Aliases, IPAMConfig, Links, DriverOpts, GwPriority } = endpoint
  const rest = { ...(DriverOpts && { DriverOpts }), ...(GwPriority && { GwPriority }) }
  // The engine's first network knows neither aliases nor fixed addresses.
  if (network === 'bridge') return rest
  const aliases = (Aliases ?? []).filter((alias) => alias !== shortId)
  return {
    ...rest,
    ...(aliases.length > 0 && { Aliases: aliases }),
    ...(IPAMConfig && Object.keys(IPAMConfig).length > 0 && { IPAMConfig }),
    ...(Links && { Links }),
  }
}

function volumesOf({ HostConfig, Mounts }: Raw) {
  const anonymous = (Mounts ?? []).filter(isAnonymous)
  const named = (HostConfig.Mounts ?? []).map((mount) => {
    const volume = anonymous.find(({ Destination }) => Destination === mount.Target)
    return volume && !mount.Source ? { ...mount, Source: volume.Name } : mount
  })
  const taken = new Set([
    ...named.map((mount) => mount.Target),
    ...(HostConfig.Binds ?? []).map((bind) => bind.split(':')[1]),
  ])
  const added = anonymous
    .filter(({ Destination }) => !taken.has(Destination))
    .map(({ Name, Destination, RW }) => `${Name}:${Destination}${RW === false ? ':ro' : ''}`)
  return { Binds: [...(HostConfig.Binds ?? []), ...added], ...(named.length > 0 && { Mounts: named }) }
}
