import { expect, test } from 'vitest'
import { createFakeDocker } from '../../docker/fake-docker.ts'
import type { Host } from '../../lib/host.ts'
import type { TaskRunner } from '../../lib/tasks.ts'
import { exportLogs } from './log-export.ts'

function lab() {
  const docker = createFakeDocker({ db: 'running' })
  const told: string[] = []
  let source: () => AsyncIterable<Uint8Array> = () => {
    throw new Error('nothing was saved')
  }
  const host = {
    saveFile: async (name: string, _type: string, from: typeof source) => {
      told.push(`save ${name}`)
      source = from
      return { kind: 'download', path: '/once' } as const
    },
  } as unknown as Host
  const abort = new AbortController()
  const tasks: TaskRunner = {
    async run(spec, work) {
      told.push(`begin ${spec.title.kind}`)
      const progress = (done: number) => told.push(`${done} bytes`)
      try {
        return await work({ id: '1', signal: abort.signal, progress } as never)
      } catch (error) {
        told.push(`failed ${(error as { code?: string }).code}`)
        throw error
      } finally {
        told.push('end')
      }
    },
  }
  const save = (timestamps: boolean) => exportLogs({ docker, host, tasks }, { id: docker.id('db'), timestamps })
  return { docker, told, abort, save, read: () => source() }
}
async function text(parts: AsyncIterable<Uint8Array>): Promise<string> {
  const all: Uint8Array[] = []
  for await (const part of parts) all.push(part)
  return Buffer.concat(all).toString('latin1')
}

test('the whole log is written as it is, with colours and odd bytes, as a task', async () => {
  const { docker, told, save, read } = lab()
  docker.log('db').write('\u001b[31mred\u001b[0m')
  docker.log('db').write('warn', 'stderr')
  await save(false)
  expect(told).toEqual(['save db.log'])
  expect(await text(read())).toBe('\u001b[31mred\u001b[0m\nwarn\n')
  expect(told).toEqual(['save db.log', 'begin exportLogs', '18 bytes', 'end'])
})

test('times are written when asked for, secrets never', async () => {
  const { docker, save, read } = lab()
  docker.log('db').write('connecting with password=hunter2hunter2')
  await save(true)
  expect(await text(read())).toBe('1970-01-01T00:00:00.000000000Z connecting with password=***\n')
})

test('a download that is broken off ends the task', async () => {
  const { docker, told, save, read } = lab()
  for (let n = 0; n < 3000; n++) docker.log('db').write('x'.repeat(100))
  await save(false)
  for await (const _part of read()) break
  expect(told.slice(1)).toEqual(['begin exportLogs', 'failed CANCELLED', 'end'])
})

test('a cancelled task breaks off the download', async () => {
  const { docker, told, save, read, abort } = lab()
  for (let n = 0; n < 3000; n++) docker.log('db').write('x'.repeat(100))
  await save(false)
  const failure = await (async () => {
    for await (const _part of read()) abort.abort()
  })().catch((error) => error.code)
  expect([failure, told.at(-2)]).toEqual(['CANCELLED', 'failed CANCELLED'])
})
