import { expect, test, vi } from 'vitest'
import type { LogUpdate } from '../../../shared/contracts/services.ts'
import { AppError } from '../../../shared/errors.ts'
import { createFakeDocker, type FakeDocker } from '../../docker/fake-docker.ts'
import { silentLog } from '../../lib/log.ts'
import { createEngineLogs } from './logs.ts'

const brief = (update: LogUpdate): string =>
  update.kind === 'ended'
    ? `ended ${update.failure?.code ?? ''}`.trim()
    : `${update.kind} ${update.lines.map((line) => line.text).join(' ')}`.trim()

function lab(...lines: string[]) {
  const docker = createFakeDocker({ db: 'running' })
  const write = (...more: string[]) => {
    for (const line of more) docker.log('db').write(line)
  }
  write(...lines)
  return { docker, write }
}
function follow(docker: FakeDocker, tail = 3, take = (_update: LogUpdate) => true) {
  const seen: string[] = []
  const stop = createEngineLogs(docker, silentLog).follow(docker.id('db'), tail, (update) => {
    seen.push(brief(update))
    return take(update)
  })
  return { seen, stop, shows: (expected: string[]) => vi.waitFor(() => expect(seen).toEqual(expected)) }
}

test('the tail comes first, then what is written', async () => {
  const { docker, write } = lab('a', 'b', 'c', 'd')
  const page = follow(docker)
  await page.shows(['snapshot b c d'])
  write('e', 'f')
  await page.shows(['snapshot b c d', 'lines e f'])
  page.stop()
})

test('an empty log is an empty snapshot at once', async () => {
  const { docker, write } = lab()
  const page = follow(docker)
  await page.shows(['snapshot'])
  write('first')
  await page.shows(['snapshot', 'lines first'])
  page.stop()
})

test('it goes on after a restart, without losing or doubling a line', async () => {
  const { docker, write } = lab('a')
  const page = follow(docker)
  await page.shows(['snapshot a'])
  write('b')
  docker.set('db', 'stopped', 'die')
  await page.shows(['snapshot a', 'lines b', 'ended'])
  docker.set('db', 'running', 'start')
  write('c', 'd')
  await page.shows(['snapshot a', 'lines b', 'ended', 'lines c d'])
  page.stop()
})

test('it goes on after the engine was away', async () => {
  const { docker, write } = lab('a')
  docker.goUnreachable()
  const page = follow(docker)
  await page.shows(['ended DOCKER_UNREACHABLE'])
  docker.comeBack()
  await page.shows(['ended DOCKER_UNREACHABLE', 'snapshot a'])
  write('b')
  await page.shows(['ended DOCKER_UNREACHABLE', 'snapshot a', 'lines b'])
  page.stop()
})

test('when the last line is gone after a restart, a new snapshot says that something is missing', async () => {
  const { docker, write } = lab('a')
  const page = follow(docker)
  await page.shows(['snapshot a'])
  docker.set('db', 'stopped', 'die')
  await page.shows(['snapshot a', 'ended'])
  write(...Array.from({ length: 10_001 }, (_, n) => String(n)))
  docker.set('db', 'running', 'start')
  await page.shows(['snapshot a', 'ended', 'snapshot 9998 9999 10000'])
  page.stop()
})

test('a log that cannot be read ends with the reason, and is read when the service starts again', async () => {
  const { docker } = lab('a')
  docker.failNext(new AppError('DOCKER_REFUSED', { status: 501, reason: 'does not support reading' }), 'logs')
  const page = follow(docker)
  await page.shows(['ended DOCKER_REFUSED'])
  docker.set('db', 'running', 'start')
  await page.shows(['ended DOCKER_REFUSED', 'snapshot a'])
  page.stop()
})

test('a flood comes in payloads of at most 2,000 lines, and nothing is sent to a reader that is behind', async () => {
  const { docker, write } = lab()
  const sizes: number[] = []
  const page = follow(docker, 1, (update) => {
    sizes.push(update.kind === 'ended' ? 0 : update.lines.length)
    return sizes.length < 4
  })
  await page.shows(['snapshot'])
  write(...Array.from({ length: 9000 }, () => 'x'))
  await vi.waitFor(() => expect(sizes).toEqual([0, 2000, 2000, 2000]))
  docker.set('db', 'stopped', 'die')
  docker.set('db', 'running', 'start')
  await new Promise((resolve) => setImmediate(resolve))
  expect(sizes.length).toBe(4)
})
