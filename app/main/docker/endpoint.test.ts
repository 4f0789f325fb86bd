import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { DockerEndpoint } from '../../shared/contracts/docker.ts'
import { AppError } from '../../shared/errors.ts'
import { listContexts, resolveEndpoint, type Surroundings } from './endpoint.ts'

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'pilothouse-home-'))
})
afterEach(() => rmSync(home, { recursive: true }))

function file(path: string, content: unknown): void {
  mkdirSync(dirname(join(home, path)), { recursive: true })
  writeFileSync(join(home, path), typeof content === 'string' ? content : JSON.stringify(content))
}
const folderOf = (name: string) => createHash('sha256').update(name).digest('hex')
const context = (name: string, host: string, more: object = {}) =>
  file(`.docker/contexts/meta/${folderOf(name)}/meta.json`, {
    Name: name,
    Metadata: {},
    Endpoints: { docker: { Host: host, ...more } },
  })
const around = (env: Surroundings['env'] = {}, platform: NodeJS.Platform = 'linux'): Surroundings => ({
  env,
  home,
  platform,
})
const resolve = (env: Surroundings['env'] = {}, chosen: DockerEndpoint = { kind: 'auto' }) =>
  resolveEndpoint(chosen, around(env))
/** "who chose: where", or why not. */
const brief = (env: Surroundings['env'] = {}, chosen?: DockerEndpoint) =>
  resolve(env, chosen).then(
    ({ chosenBy, endpoint }) => `${chosenBy}: ${endpoint}`,
    (error) => (error instanceof AppError ? `${error.code}: ${error.details['reason']}` : `crashed: ${error}`),
  )
const address = (text: string) => resolve({}, { kind: 'address', address: text }).then((target) => target.address)

test('follows the order of the command line: host, named context, current context, usual socket', async () => {
  context('work', 'tcp://work:2375')
  context('home', 'unix:///home.sock')
  file('.docker/config.json', { currentContext: 'home', auths: {} })
  const all = { DOCKER_HOST: 'unix:///host.sock', DOCKER_CONTEXT: 'work' }

  expect([
    await brief(all),
    await brief({ DOCKER_CONTEXT: 'work' }),
    await brief({}),
    await brief({ DOCKER_CONFIG: join(home, 'elsewhere') }),
    await brief(all, { kind: 'context', name: 'home' }),
    await brief(all, { kind: 'address', address: '/mine.sock' }),
    await brief({ DOCKER_CONTEXT: 'default' }),
  ]).toEqual([
    'DOCKER_HOST: unix:///host.sock',
    'context work: tcp://work:2375',
    'context home: unix:///home.sock',
    'default socket: unix:///var/run/docker.sock',
    'context home: unix:///home.sock',
    'settings: /mine.sock',
    'default socket: unix:///var/run/docker.sock',
  ])
})

test('reads every kind of address', async () => {
  expect([
    await address('unix:///run/docker.sock'),
    await address('npipe:////./pipe/docker_engine'),
    await address('tcp://10.0.0.7'),
    await address('http://[::1]:99'),
    await address('ssh://ann@host.example:2222'),
    await address('ssh://host/run/user/1000/docker.sock'),
  ]).toEqual([
    { kind: 'socket', path: '/run/docker.sock' },
    { kind: 'socket', path: '//./pipe/docker_engine' },
    { kind: 'tcp', host: '10.0.0.7', port: 2375, tls: null },
    { kind: 'tcp', host: '::1', port: 99, tls: null },
    { kind: 'ssh', host: 'host.example', user: 'ann', port: 2222, path: null },
    { kind: 'ssh', host: 'host', user: null, port: null, path: '/run/user/1000/docker.sock' },
  ])
})

test('an address that cannot be used says so, above all one that would be an option of ssh', async () => {
  const bad = [
    '',
    'nonsense',
    'fd://',
    'unix://',
    'tcp://',
    'ssh://-oProxyCommand=x',
    'ssh://-l@host',
    'ssh://a b@host',
  ]
  const answers = await Promise.all(bad.map((host) => brief({}, { kind: 'address', address: host })))
  expect(answers.filter((answer) => !answer.startsWith('DOCKER_UNREACHABLE: '))).toEqual([])
})

test('certificates come from the folder that the environment names, or from the context', async () => {
  file('certs/ca.pem', 'CA')
  file('certs/cert.pem', 'CERT')
  file('certs/key.pem', 'KEY')
  context('safe', 'tcp://safe:2376')
  file(`.docker/contexts/tls/${folderOf('safe')}/docker/ca.pem`, 'OWN CA')
  context('careless', 'tcp://careless:2376', { SkipTLSVerify: true })
  const folder = { DOCKER_HOST: 'tcp://h', DOCKER_CERT_PATH: join(home, 'certs') }
  const tls = async (env: Surroundings['env']) => {
    const target = await resolve(env)
    return target.address.kind === 'tcp' ? { port: target.address.port, tls: target.address.tls } : null
  }
  const bytes = (text: string) => Buffer.from(text)

  expect([
    await tls({ ...folder, DOCKER_TLS_VERIFY: '1' }),
    await tls({ ...folder, DOCKER_TLS: '1' }),
    await tls(folder),
    await tls({ DOCKER_CONTEXT: 'safe' }),
    await tls({ DOCKER_CONTEXT: 'careless' }),
  ]).toEqual([
    { port: 2376, tls: { verify: true, ca: bytes('CA'), cert: bytes('CERT'), key: bytes('KEY') } },
    { port: 2376, tls: { verify: false, ca: bytes('CA'), cert: bytes('CERT'), key: bytes('KEY') } },
    { port: 2375, tls: null },
    { port: 2376, tls: { verify: true, ca: bytes('OWN CA') } },
    { port: 2376, tls: { verify: false } },
  ])
})

test('broken and hostile files are a failure with a sentence', async () => {
  const config = async (content: string) => {
    file('.docker/config.json', content)
    return await brief()
  }
  const meta = async (content: string) => {
    file(`.docker/contexts/meta/${folderOf('bad')}/meta.json`, content)
    return await brief({ DOCKER_CONTEXT: 'bad' })
  }
  const absent = await brief({ DOCKER_CONTEXT: 'absent' })
  const answers = [
    await config('{'),
    await config('[]'),
    await config('{"currentContext": 7}'),
    await config('{"currentContext": "../../../etc"}'),
    await config('x'.repeat(2_000_000)),
    await meta('null'),
    await meta('{"Name":"bad","Endpoints":{}}'),
    await meta('{"Name":"bad","Endpoints":{"docker":{"Host":["unix:///x"]}}}'),
  ]
  rmSync(join(home, '.docker/config.json'))
  symlinkSync('/dev/zero', join(home, '.docker/config.json'))
  answers.push(await brief())
  rmSync(join(home, '.docker/config.json'))
  mkdirSync(join(home, '.docker/config.json'))
  answers.push(await brief())

  expect(absent).toBe('DOCKER_UNREACHABLE: there is no such context')
  expect(answers.filter((answer) => !answer.startsWith('DOCKER_UNREACHABLE: '))).toEqual([])
})

test('lists the contexts and marks the current one; unreadable ones are left out', async () => {
  context('work', 'ssh://work')
  file(`.docker/contexts/meta/${folderOf('bad')}/meta.json`, '{')
  file('.docker/contexts/meta/notes.txt', 'hello')
  file('.docker/config.json', { currentContext: 'work' })

  expect(await listContexts(around())).toEqual([
    { name: 'default', address: 'unix:///var/run/docker.sock', current: false },
    { name: 'work', address: 'ssh://work', current: true },
  ])
  expect(await listContexts(around({ DOCKER_HOST: 'unix:///x' }))).toMatchObject([
    { name: 'default', address: 'unix:///x', current: true },
    { current: false },
  ])
  file('.docker/config.json', '{')
  expect(await listContexts(around())).toHaveLength(2)
})

test('looks at the usual places of each system', async () => {
  const usual = async (platform: NodeJS.Platform) =>
    (await resolveEndpoint({ kind: 'context', name: 'default' }, around({}, platform))).endpoint
  file('.docker/run/docker.sock', '')
  expect([await usual('win32'), await usual('darwin')]).toEqual([
    'npipe:////./pipe/docker_engine',
    `unix://${join(home, '.docker/run/docker.sock')}`,
  ])
})
