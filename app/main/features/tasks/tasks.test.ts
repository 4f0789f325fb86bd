import { expect, onTestFinished, test, vi } from 'vitest'
import { canMount, fillDisk, mountDisk } from '../../../../tests/lib/small-disk.ts'
import { tempDatabase } from '../../../../tests/lib/temp-database.ts'
import { tempFolder } from '../../../../tests/lib/temp-folder.ts'
import type { Task } from '../../../shared/contracts/tasks.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Db } from '../../db/db.ts'
import { silentLog } from '../../lib/log.ts'
import type { TaskSpec } from '../../lib/tasks.ts'
import { createTaskShelf } from './task-shelf.ts'
import { createTasks } from './tasks.ts'

function open(db: Db) {
  const noticed: string[] = []
  const shelf = createTaskShelf({ db, log: silentLog, notify: ({ code }) => void noticed.push(code) })
  const tasks = createTasks({ shelf, log: silentLog })
  onTestFinished(tasks.stop)
  const list = () => {
    let now: readonly Task[] = []
    tasks.follow((update) => {
      if (update.kind === 'snapshot') now = update.tasks
      return true
    })()
    return now
  }
  return { ...tasks, list, noticed }
}
const spec = (...names: string[]): TaskSpec => ({
  title: { kind: 'serviceAction', action: 'restart', count: names.length, first: names[0] ?? '' },
  items: names.map((id) => ({ id, label: id })),
  cancellable: true,
})
const brief = ({ state, done, total, items, failure }: Task) =>
  `${state} ${done}/${total} ${items.map((item) => `${item.id}:${item.state}`).join(' ')}${failure ? ` ${failure.code}` : ''}`

test('a task tells its beginning, its progress a few times a second, and its end at once', async () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const tasks = open(tempDatabase(tempFolder()))
  const seen: string[] = []
  tasks.follow((update) => {
    if (update.kind === 'change') seen.push(...update.upserted.map(brief))
    return true
  })
  const result = await tasks.run(spec('a', 'b'), async (task) => {
    task.itemStarted('a')
    task.itemDone('a')
    task.itemStarted('b')
    await vi.advanceTimersByTimeAsync(150)
    task.itemFailed('b', new AppError('NOT_RUNNING', { name: 'b' }))
    return 'result'
  })
  expect({ result, seen }).toEqual({
    result: 'result',
    seen: ['running 0/2 a:waiting b:waiting', 'running 1/2 a:done b:running', 'failed 2/2 a:done b:failed NOT_RUNNING'],
  })
})

test('what fails keeps its reason; what never began is skipped', async () => {
  const tasks = open(tempDatabase(tempFolder()))
  const thrown = await tasks
    .run(spec('a', 'b'), async (task) => {
      task.itemStarted('a')
      throw new AppError('DOCKER_REFUSED', { status: 409, reason: 'no' })
    })
    .catch((error) => error.code)
  expect([thrown, tasks.list().map(brief)]).toEqual([
    'DOCKER_REFUSED',
    ['failed 0/2 a:failed b:skipped DOCKER_REFUSED'],
  ])
})

test('cancelling stops work that listens, and gives up on work that does not', async () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const tasks = open(tempDatabase(tempFolder()))
  const endings: string[] = []
  const listening = tasks.run(
    spec('a', 'b'),
    (task) =>
      new Promise((_, reject) => {
        task.itemStarted('a')
        task.itemDone('a')
        task.signal.addEventListener('abort', () => reject(task.signal.reason))
      }),
  )
  const deaf = tasks.run(spec('c'), (task) => {
    task.itemStarted('c')
    return new Promise(() => {})
  })
  for (const run of [listening, deaf]) run.catch((error) => endings.push(error.code))
  for (const { id } of tasks.list()) tasks.cancel(id)
  await vi.advanceTimersByTimeAsync(2_000)

  expect({ endings, list: tasks.list().map(brief) }).toEqual({
    endings: ['CANCELLED', 'CANCELLED'],
    list: ['cancelled 1/2 a:done b:skipped CANCELLED', 'cancelled 0/1 c:failed CANCELLED'],
  })
  expect(() => tasks.cancel('nothing')).toThrow('not in the list')
})

test('ended tasks survive the console; one that was under way is interrupted; dismissed ones are gone', async () => {
  vi.useFakeTimers()
  onTestFinished(() => void vi.useRealTimers())
  const folder = tempFolder()
  const db = tempDatabase(folder)
  const first = open(db)
  await first.run(spec('a'), async (task) => task.itemDone('a'))
  await first.run(spec('b'), async (task) => task.itemDone('b'))
  const cut = first.run(spec('c', 'd'), (task) => {
    task.itemStarted('c')
    return new Promise(() => {})
  })
  cut.catch(() => {})
  await vi.advanceTimersByTimeAsync(150)
  const [, b] = first.list()
  first.dismiss([b!.id])
  const second = open(tempDatabase(folder))
  const listed = second.list().map(brief)
  second.dismiss(null)

  expect({ listed, after: open(tempDatabase(folder)).list() }).toEqual({
    listed: ['done 1/1 a:done', 'interrupted 0/2 c:failed d:skipped INTERRUPTED'],
    after: [],
  })
})

test('the newest two hundred ended tasks are kept', async () => {
  const folder = tempFolder()
  const tasks = open(tempDatabase(folder))
  for (let i = 0; i < 205; i++) await tasks.run(spec(`t${i}`), async (task) => task.itemDone(`t${i}`))
  const again = open(tempDatabase(folder)).list()
  expect([tasks.list().length, again.length, again[0]?.items[0]?.id]).toEqual([200, 200, 't5'])
})

test.skipIf(!canMount)(
  'a full disk stops no work, is told, and what happened is written when there is space [needs root to mount a small disk]',
  async () => {
    const { folder, unmount } = mountDisk(1024)
    onTestFinished(unmount)
    const tasks = open(tempDatabase(folder))
    const free = fillDisk(folder)
    await tasks.run(spec('a'), async (task) => task.itemDone('a'))
    const during = { list: tasks.list().map(brief), noticed: tasks.noticed }
    free()
    await vi.waitFor(() => expect(open(tempDatabase(folder)).list().map(brief)).toEqual(['done 1/1 a:done']), 5_000)
    expect(during).toEqual({ list: ['done 1/1 a:done'], noticed: expect.arrayContaining(['DISK_FULL']) })
  },
)
