import { lookup as systemLookup } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import { AppError } from '../../../../shared/errors.ts'
import type { CallPolicy } from './call-types.ts'

/** Why an address may not be called, with the same in Chinese. */
const reasons = {
  'it is a metadata address': '这是云元数据地址',
  'it is a link-local address': '这是链路本地地址',
  'it is no address of a host': '这不是主机地址',
  'it is a multicast address': '这是组播地址',
  'it stands for another address': '它指向另一个地址',
  'it is no address': '这不是有效地址',
  'it is this machine': '这是本机',
  'it is a private address': '这是私有地址',
  'only http and https are called': '仅支持 http 和 https',
} as const
type Reason = keyof typeof reasons

type Range = readonly [network: string, prefix: number]
function ranges(...list: readonly Range[]): BlockList {
  const found = new BlockList()
  for (const [network, prefix] of list) found.addSubnet(network, prefix, network.includes(':') ? 'ipv6' : 'ipv4')
  return found
}

/** Refused whatever the settings say. Sources: RFC 6890 and the metadata services of AWS, Google, Azure, Alibaba and Oracle. */
const never: readonly (readonly [reason: Reason, list: BlockList])[] = [
  [
    'it is a metadata address',
    ranges(
      ...(['169.254.169.254', '100.100.100.200', '192.0.0.192', '168.63.129.16'].map((one) => [one, 32]) as Range[]),
      ...([['fd00:ec2::', 32] as const, ['fd20:ce::254', 128] as const] as const),
    ),
  ],
  ['it is a link-local address', ranges(['169.254.0.0', 16], ['fe80::', 10])],
  ['it is no address of a host', ranges(['0.0.0.0', 8], ['::', 128], ['255.255.255.255', 32], ['240.0.0.0', 4])],
  ['it is a multicast address', ranges(['224.0.0.0', 4], ['ff00::', 8])],
  // Local NAT64, 6to4 and Teredo lead to an IPv4 address that was not looked at.
  ['it stands for another address', ranges(['64:ff9b:1::', 48], ['2002::', 16], ['2001::', 32])],
]
/** How a network without IPv4 reaches every IPv4 host (RFC 6052): names lead there, so what is inside decides. */
const nat64 = ranges(['64:ff9b::', 96])
const loopback = ranges(['127.0.0.0', 8], ['::1', 128])
const compatible = ranges(['::', 96])
const within = ranges(
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['100.64.0.0', 10],
  ['fc00::', 7],
  ['fec0::', 10],
)

/** Why a plugin may not call an IP address, in a few words; null where it may. An IPv4 address inside an IPv6 one counts as itself. */
export function addressRefusal(address: string, policy: CallPolicy): Reason | null {
  const version = isIP(address)
  // A zone (`fe80::1%eth0`) names an interface of this machine.
  if (version === 0 || address.includes('%')) return 'it is no address'
  const family = version === 6 ? 'ipv6' : 'ipv4'
  for (const [reason, list] of never) if (list.check(address, family)) return reason
  if (loopback.check(address, family)) return policy.allowLoopback ? null : 'it is this machine'
  if (family === 'ipv6') {
    const elsewhere =
      compatible.check(address, 'ipv6') || (nat64.check(address, 'ipv6') && !isPublic(lastFour(address)))
    if (elsewhere) return 'it stands for another address'
  }
  if (within.check(address, family)) return policy.allowPrivate ? null : 'it is a private address'
  return null
}

/** Nothing of this side is reached through a translator. */
const isPublic = (address: string) => addressRefusal(address, { allowLoopback: false, allowPrivate: false }) === null

/** The IPv4 address in the last 32 bits of an address of 96 zero bits but for its beginning. */
function lastFour(address: string): string {
  // Written in its shortest way, all that follows `::` are the last two groups.
  const groups = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::')[1]!.split(':').filter(Boolean)
  const [low = '0', high = '0'] = groups.reverse()
  return [high, low].flatMap((one) => [Number.parseInt(one, 16) >> 8, Number.parseInt(one, 16) & 255]).join('.')
}

const forbidden = (address: string, reason: Reason) =>
  new AppError('ADDRESS_FORBIDDEN', { address, reason, reasonZh: reasons[reason] })

/** Refuses what can be told from the URL alone: another scheme, an address written out. Fails with ADDRESS_FORBIDDEN. */
export function guardUrl(url: URL, policy: CallPolicy): void {
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw forbidden(`${url.protocol}//${url.host}`, 'only http and https are called')
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (isIP(host) === 0) return
  const reason = addressRefusal(host, policy)
  if (reason !== null) throw forbidden(host, reason)
}

export type Resolver = (
  host: string,
  done: (error: Error | null, addresses: readonly { readonly address: string; readonly family: number }[]) => void,
) => void
const system: Resolver = (host, done) =>
  systemLookup(host, { all: true, verbatim: true }, (error, found) => done(error, found ?? []))

/**
 * A look-up of names for a connector: the addresses that are checked here are the ones that are connected, so a name that
 * changes its mind in between gains nothing. One forbidden address refuses the whole name.
 */
export function guardedLookup(policy: CallPolicy, resolver: Resolver = system): LookupFunction {
  return (host, options, done) => {
    resolver(host, (error, found) => {
      if (error) return done(error, '', 4)
      for (const { address } of found) {
        const reason = addressRefusal(address, policy)
        if (reason !== null)
          return done(forbidden(`${host} (${address})`, reason) as unknown as NodeJS.ErrnoException, '', 4)
      }
      const [first] = found
      if (!first) return done(Object.assign(new Error(`${host} has no address`), { code: 'ENOTFOUND' }), '', 4)
      if (options.all) return done(null, [...found])
      done(null, first.address, first.family)
    })
  }
}
