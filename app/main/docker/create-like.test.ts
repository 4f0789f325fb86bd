import { expect, test } from 'vitest'
import { recipeOf } from './create-like.ts'

const id = 'ab'.repeat(32)
const volume = 'f0'.repeat(32)
const raw = (hostConfig: object, more: object = {}) => ({
  Id: id,
  Image: 'sha256:1',
  Config: { Image: 'db:1', Hostname: id.slice(0, 12), Env: ['A=1'], ExposedPorts: { '80/tcp': {} } },
  HostConfig: { NetworkMode: 'default', Memory: 5, ...hostConfig },
  NetworkSettings: { Networks: { bridge: { MacAddress: '02:42', IPAddress: '172.17.0.2', Aliases: null } } },
  ...more,
})

test('hands back the configuration without what the engine made up', () => {
  expect(recipeOf(raw({}))).toEqual({
    imageId: 'sha256:1',
    connect: [],
    body: {
      Image: 'db:1',
      Env: ['A=1'],
      ExposedPorts: { '80/tcp': {} },
      HostConfig: { NetworkMode: 'bridge', Memory: 5, Binds: [], Links: null },
      NetworkingConfig: { EndpointsConfig: { bridge: {} } },
    },
  })
})

test('its main network first, whether by name or id, with what somebody chose of each', () => {
  const networks = {
    NetworkSettings: {
      Networks: {
        other: { NetworkID: 'n1', Aliases: [id.slice(0, 12)], DriverOpts: { a: '1' }, IPAMConfig: {} },
        main: { NetworkID: 'n2', Aliases: ['store', id.slice(0, 12)], IPAMConfig: { IPv4Address: '10.0.0.9' } },
      },
    },
  }
  const endpoint = { Aliases: ['store'], IPAMConfig: { IPv4Address: '10.0.0.9' } }
  for (const NetworkMode of ['main', 'n2']) {
    expect(recipeOf(raw({ NetworkMode }, networks))).toMatchObject({
      body: { HostConfig: { NetworkMode: 'main' }, NetworkingConfig: { EndpointsConfig: { main: endpoint } } },
      connect: [{ network: 'other', endpoint: { DriverOpts: { a: '1' } } }],
    })
  }
})

test('in the network of the host or of another container there is nothing to choose', () => {
  const chosen = { Config: { Image: 'db:1', Hostname: 'chosen', ExposedPorts: { '80/tcp': {} } } }
  const body = (NetworkMode: string) => recipeOf(raw({ NetworkMode }, chosen)).body
  expect([body('host'), body(`container:${id}`), body('none')]).toEqual([
    { Image: 'db:1', ExposedPorts: { '80/tcp': {} }, HostConfig: expect.objectContaining({ NetworkMode: 'host' }) },
    { Image: 'db:1', HostConfig: expect.objectContaining({ NetworkMode: `container:${id}` }) },
    {
      ...{ Image: 'db:1', Hostname: 'chosen', ExposedPorts: { '80/tcp': {} } },
      HostConfig: expect.objectContaining({ NetworkMode: 'none' }),
    },
  ])
})

test('anonymous volumes are mounted by name, once', () => {
  const mounts = (HostConfig: object, Mounts: object[]) => {
    const { Binds, Mounts: named } = recipeOf(raw(HostConfig, { Mounts })).body['HostConfig'] as Record<string, unknown>
    return { Binds, named }
  }
  const anonymous = (Destination: string, RW = true) => ({ Type: 'volume', Name: volume, Destination, RW })

  expect([
    mounts({ Binds: ['shop:/shop'] }, [anonymous('/data'), anonymous('/fixed', false)]),
    mounts({ Binds: [`${volume}:/data`] }, [anonymous('/data')]),
    mounts({ Mounts: [{ Type: 'volume', Target: '/data' }] }, [anonymous('/data')]),
    mounts({ Binds: null }, [{ Type: 'volume', Name: 'shop', Destination: '/shop', RW: true }]),
  ]).toEqual([
    { Binds: ['shop:/shop', `${volume}:/data`, `${volume}:/fixed:ro`], named: undefined },
    { Binds: [`${volume}:/data`], named: undefined },
    { Binds: [], named: [{ Type: 'volume', Target: '/data', Source: volume }] },
    { Binds: [], named: undefined },
  ])
})

test('links are written as create takes them', () => {
  expect(recipeOf(raw({ Links: ['/db:/web/store'] })).body['HostConfig']).toMatchObject({ Links: ['db:store'] })
})
