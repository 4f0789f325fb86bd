import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { AppError } from '../shared/errors.ts'
import { createClient } from '../shared/rpc/client.ts'
import { connectControl, serveControl } from './control.ts'
import { silentLog } from './lib/log.ts'
import { type AllHandlers, createRouter } from './rpc/router.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pilothouse-control-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const handlers = {
  host: { info: (_: unknown, { actor }: { actor: string }) => ({ host: actor }) },
  docker: { onState: () => () => {} },
}
const router = createRouter(handlers as unknown as AllHandlers, silentLog)
const serve = (dataFolder: string) =>
  serveControl({ dataFolder, router: () => router, log: silentLog, url: 'http://127.0.0.1:1' })

test('the CLI finds a running console, asks as itself, and is told when it ends', async () => {
  const control = await serve(folder)
  expect(readdirSync(folder).sort()).toEqual(['control.sock', 'instance.json'])
  expect(statSync(join(folder, 'control.sock')).mode & 0o777).toBe(0o600)

  const found = await connectControl(folder)
  expect(found?.instance).toEqual({ pid: process.pid, socket: join(folder, 'control.sock'), url: 'http://127.0.0.1:1' })
  const rpc = createClient(found!.link, true)
  expect(await rpc.host.info()).toEqual({ host: 'cli' })
  const codes: string[] = []
  const listen = () =>
    rpc.docker.onState(
      () => {},
      undefined,
      (error) => void codes.push((error as AppError).code),
    )
  // Whoever waits for something to happen would wait for ever.
  listen()
  listen()()
  await control.stop()
  await expect.poll(() => rpc.host.info().catch((error) => error.code)).toBe('DISCONNECTED')
  listen()
  expect(codes).toEqual(['DISCONNECTED', 'DISCONNECTED'])
  expect(readdirSync(folder)).toEqual([])
})

test('what a killed console left behind is no console, and does not hinder the next', async () => {
  writeFileSync(join(folder, 'control.sock'), '')
  writeFileSync(join(folder, 'instance.json'), JSON.stringify({ pid: 1, socket: join(folder, 'control.sock') }))
  expect(await connectControl(folder)).toBe(null)
  writeFileSync(join(folder, 'instance.json'), '{"pid":')
  expect(await connectControl(folder)).toBe(null)
  const control = await serve(folder)
  const found = await connectControl(folder)
  expect(found).not.toBe(null)
  found!.close()
  await control.stop()
})

test('a data folder too deep for a socket uses one elsewhere that only its owner enters', async () => {
  const deep = join(folder, 'd'.repeat(100))
  mkdirSync(deep)
  const control = await serve(deep)
  const { socket } = JSON.parse(readFileSync(join(deep, 'instance.json'), 'utf8'))
  expect(statSync(join(socket, '..')).mode & 0o777).toBe(0o700)
  const found = await connectControl(deep)
  expect(found).not.toBe(null)
  found!.close()
  await control.stop()
  expect(existsSync(socket)).toBe(false)
  rmSync(join(socket, '..'), { recursive: true })
})

test('garbage is dropped, a line without end ends only its own link', async () => {
  const control = await serve(folder)
  const found = await connectControl(folder)
  const rpc = createClient(found!.link)
  const rude = connect(join(folder, 'control.sock'))
  rude.on('error', () => {})
  const ended = new Promise((resolve) => rude.on('close', resolve))
  rude.write('\n\0\n{}\n[1]\n{"kind":"call","id":"x"}\n')
  rude.write('x'.repeat(9 * 1024 * 1024))
  await ended
  expect(await rpc.host.info()).toEqual({ host: 'cli' })
  found!.close()
  await control.stop()
})
