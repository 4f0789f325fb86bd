import { expect, test } from 'vitest'
import { addressRefusal } from './guard.ts'
import { callerFor, inUse, readDocument, startUpstream } from './test-plugins.ts'

const open = { allowLoopback: true, allowPrivate: true }
const closed = { allowLoopback: false, allowPrivate: false }

test('addresses that nobody may call, whatever the settings say', () => {
  const addresses = [
    ...[
      '169.254.169.254',
      '169.254.1.1',
      '100.100.100.200',
      '0.0.0.0',
      '0.1.2.3',
      '255.255.255.255',
      '224.0.0.1',
      '240.0.0.1',
    ],
    ...['::', 'fe80::1', 'ff02::1', 'fd00:ec2::254', '::ffff:169.254.169.254', '::ffff:a9fe:a9fe', '64:ff9b::7f00:1'],
    ...['2002:7f00:1::', '::7f00:1', 'nonsense', '168.63.129.16', 'fd20:ce::254', 'fe80::1%eth0'],
    // A translator leads to no network of this side.
    ...['64:ff9b::10.0.0.1', '64:ff9b::a9fe:a9fe', '64:ff9b::', '64:ff9b:0:0:0:0:c0a8:1', '64:ff9b:1::808:808'],
  ]
  expect(addresses.filter((one) => addressRefusal(one, open) === null)).toEqual([])
})

test('this machine and private networks are the operator’s to open', () => {
  const own = [
    '127.0.0.1',
    '127.9.9.9',
    '::1',
    '::ffff:127.0.0.1',
    '10.0.0.1',
    '172.16.0.1',
    '192.168.1.1',
    '100.64.0.1',
    'fc00::1',
  ]
  expect(own.filter((one) => addressRefusal(one, open) !== null)).toEqual([])
  expect(own.filter((one) => addressRefusal(one, closed) === null)).toEqual([])
  const others = ['93.184.216.34', '2606:2800:220:1::1', '172.32.0.1', '64:ff9b::5db8:d822', '::ffff:8.8.8.8']
  expect(others.filter((one) => addressRefusal(one, closed) !== null)).toEqual([])
})

const api = (server: string) => `openapi: 3.0.1
info: { title: T, description: d, version: v1 }
servers: [{ url: '${server}' }]
paths:
  /x:
    get: { operationId: x, summary: s, responses: { '200': { description: d, content: { application/json: { schema: { type: object } } } } } }
`

test('names are looked up once, and what they lead to is what is connected', async () => {
  const upstream = await startUpstream()
  const lookups: string[] = []
  const resolver = (address: string) => ({
    resolver: (host: string, done: (error: null, found: { address: string; family: number }[]) => void) => {
      lookups.push(host)
      done(null, [{ address, family: 4 }])
    },
  })
  const plugin = inUse(await readDocument(api(`http://inside.test:${upstream.port}`)))
  const bad = callerFor(resolver('169.254.169.254'))
  expect((await bad.call(plugin, 'x')).failure).toEqual({
    code: 'ADDRESS_FORBIDDEN',
    details: {
      address: 'inside.test (169.254.169.254)',
      reason: 'it is a metadata address',
      reasonZh: '这是云元数据地址',
    },
  })
  const good = callerFor(resolver('127.0.0.1'))
  expect((await good.call(plugin, 'x')).ok).toBe(true)
  expect([upstream.heard.length, upstream.heard[0]?.headers.host]).toEqual([1, `inside.test:${upstream.port}`])
  const shut = callerFor({ ...resolver('127.0.0.1'), policy: () => closed })
  expect((await shut.call(plugin, 'x')).failure?.code).toBe('ADDRESS_FORBIDDEN')
})

test('odd spellings of an address are that address', async () => {
  const { call } = callerFor({ policy: () => closed })
  for (const server of [
    'http://0x7f.1:81',
    'http://2130706433:81',
    'http://0177.0.0.1:81',
    'http://[::ffff:7f00:1]:81',
  ]) {
    expect((await call(inUse(await readDocument(api(server))), 'x')).failure?.code).toBe('ADDRESS_FORBIDDEN')
  }
})

test('each hop of a redirect is looked at, and secrets stay with the host they were meant for', async () => {
  const other = await startUpstream()
  let target = `${other.url}/there`
  const upstream = await startUpstream((_heard, response) => response.writeHead(302, { location: target }).end())
  const definition = await readDocument(api(upstream.url), {
    auth: { kind: 'serviceToken', name: 'X-Own', token: 'very-secret-token', place: 'header' },
  })
  const { call } = callerFor()
  expect(await call(inUse(definition), 'x')).toMatchObject({ ok: true, data: { url: '/there' }, attempts: 2 })
  expect([upstream.heard[0]?.headers['x-own'], other.heard[0]?.headers['x-own']]).toEqual([
    'very-secret-token',
    undefined,
  ])
  target = 'http://169.254.169.254/latest/meta-data'
  expect((await call(inUse(definition), 'x')).failure?.code).toBe('ADDRESS_FORBIDDEN')
  target = 'file:///etc/passwd'
  expect((await call(inUse(definition), 'x')).failure?.code).toBe('ADDRESS_FORBIDDEN')
  target = '/x'
  expect(await call(inUse(definition), 'x')).toMatchObject({ ok: false, statusCode: 302, attempts: 6 })
})
