import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { runCommand, startConsole } from '../../../tests/lib/command-line.ts'
import { tempFolder } from '../../../tests/lib/temp-folder.ts'

const api = (port: number) => `openapi: 3.0.0
info: {title: Tides, description: When they come, version: '1'}
servers: [{url: 'http://127.0.0.1:${port}'}]
paths:
  /tides:
    get:
      operationId: high_water
      summary: When the water is high
      responses: {'200': {description: ok, content: {application/json: {schema: {type: object}}}}}
`

/** What a session, an id or a time is, is of no interest. */
const plain = (text: string) =>
  text
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'ID')
    .replace(/\([0-9a-f]{8}\)/g, '(n)')
    .replace(/\(\d+ ms\)/g, '(n ms)')

test('an agent is added, talked to and removed; words go to standard output, tools and the session beside them', async () => {
  const service = createServer((_, response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"high":"04:12"}'),
  ).listen(0, '127.0.0.1')
  await once(service, 'listening')
  onTestFinished(() => void service.close())
  const folder = tempFolder()
  const file = join(folder, 'tides.yaml')
  writeFileSync(file, api((service.address() as AddressInfo).port))
  const run = (args: readonly string[], input?: string) => runCommand(folder, args, input)

  await startConsole(folder)
  await run(['plugins', 'import', file])
  const added = await run(['agents', 'add', 'Pilot', '--plugins', 'Tides', '--instructions', '-'], 'Be brief.')
  await run(['agents', 'add', 'Parrot', '--model', 'sandbox-chat', '--json'])
  const listed = await run(['agents', 'ls'])
  const [pilot] = JSON.parse((await run(['agents', 'ls', '--json'])).out)
  const answer = await run(['agents', 'chat', 'Pilot'], 'When is high water?\n')
  const session = /session (\S+)/.exec(answer.errors)![1]!
  const again = await run(['agents', 'chat', 'Pilot', 'And low?', '--session', session, '--json'])
  const parrot = await run(['agents', 'chat', 'Parrot', 'Good morning'])
  // What it says must not write the clipboard, nor over what stands there.
  const steering = await run(['agents', 'chat', 'Parrot'], '\x1b]52;c;aGk=\x07 \r\u009b2J good\tday\nto you')
  const failures = [
    await run(['agents', 'chat', 'Nobody', 'hello']),
    await run(['agents', 'chat', 'Parrot', 'hello', '--session', session]),
    await run(['agents', 'chat', 'Parrot'], ' \n'),
    await run(['agents', 'chat', 'Parrot', 'one', 'two']),
    await run(['agents', 'add', 'x', '--plugins', 'Fog']),
  ]
  const removed = await run(['agents', 'rm', 'Pilot', 'Parrot'])
  const left = await run(['agents', 'ls'])

  const name = 'openapi_tides__high_water'
  const called = expect.objectContaining({ plugin: 'Tides', operation: 'high_water', failure: null })
  expect({
    added: plain(added.out),
    listed: listed.out.split('\n').map((line) =>
      plain(line)
        .replace(/ +/g, ' ')
        .replace(/\d+ s$/, 'n s'),
    ),
    pilot: [pilot.instructions, pilot.plugins.length, pilot.model],
    answer: [answer.code, plain(answer.out), plain(answer.errors).replace(/\S+high_water/, name)],
    again: JSON.parse(again.out),
    parrot: [parrot.code, plain(parrot.out), plain(parrot.errors)],
    steering: steering.out,
    failures: failures.map(({ code, out, errors }) => [code, out, /\((\w+)\)\n$/.exec(errors)?.[1]]),
    removed: [removed.out, left.out],
  }).toEqual({
    added: 'Pilot added (ID)\n',
    listed: ['ID NAME MODEL PLUGINS CHANGED', 'ID Pilot auto 1 n s', 'ID Parrot sandbox-chat 0 n s', ''],
    pilot: ['Be brief.', 1, null],
    answer: [0, 'The tool answered: {"high":"04:12"}\n', `called ${name} {} (n ms)\nsession ID\n`],
    again: { sessionId: session, message: expect.any(String), calls: [called], failure: null },
    parrot: [0, 'This is the sandbox model. You said: "Good morning". (n)\n', 'session ID\n'],
    steering: expect.stringContaining('"\ufffd]52;c;aGk=\ufffd \ufffd\ufffd2J good\tday\nto you"'),
    failures: [
      [1, '', 'AGENT_NOT_FOUND'],
      [1, '', 'SESSION_NOT_FOUND'],
      ...[0, 1].map(() => [2, '', 'WRONG_USE']),
      [1, '', 'PLUGIN_NOT_FOUND'],
    ],
    removed: ['Pilot removed\nParrot removed\n', 'There are no agents.\n'],
  })
}, 180_000)

test('without an answer it says why and ends with 1', async () => {
  const folder = tempFolder()
  const run = (args: readonly string[], input?: string) => runCommand(folder, args, input)
  await startConsole(folder)
  await run(['keys', 'add', 'sandbox', 'Broken', '--service', 'sandbox'], 'fail-500')
  await run(['keys', 'disable', 'Sandbox'])
  await run(['agents', 'add', 'Parrot'])
  const refused = await run(['agents', 'chat', 'Parrot', 'hello'])
  const told = JSON.parse((await run(['agents', 'chat', 'Parrot', 'hello', '--json'])).out)
  expect([refused.code, refused.out, plain(refused.errors)]).toEqual([
    ...[1, '', expect.stringMatching(/^session ID\npilothouse: .*\(\w+\)\n$/)],
  ])
  expect(told).toMatchObject({ message: '', calls: [], failure: { code: expect.any(String) } })
}, 120_000)
