import { expect, onTestFinished, test, vi } from 'vitest'
import { createScriptedTasks } from '../../../../tests/lib/scripted-tasks.ts'
import type { Image } from '../../../shared/contracts/images.ts'
import { createFakeDocker } from '../../docker/fake-docker.ts'
import type { Audit } from '../../lib/audit.ts'
import { createEmitter } from '../../lib/emitter.ts'
import { silentLog } from '../../lib/log.ts'
import { imageUses, type User } from './image-uses.ts'
import { createImages } from './images.ts'

const digest = (letter: string) => `sha256:${letter.repeat(64)}`
const image = (letter: string, ...tags: string[]) => ({ id: digest(letter), tags, sizeBytes: 10, createdAt: 0 })
const brief = ({ tags, usedBy }: Image) => `${tags.join('+') || 'dangling'} used by ${usedBy.join('+') || 'nobody'}`

function open() {
  const docker = createFakeDocker({ db: { image: 'redis:7' } })
  docker.images.push(image('a', 'redis:7'), image('b'), image('c', 'app:1', 'app:2'))
  const users: User[] = [{ name: 'db', image: 'redis:7', imageId: null }]
  const changed = createEmitter<void>()
  const written: string[] = []
  const audit: Audit = {
    perform(subject, work) {
      written.push(`${subject.actor} ${subject.action} ${subject.target}`)
      return work()
    },
    note: () => {},
  }
  const tasks = createScriptedTasks()
  const images = createImages({
    docker,
    users: { list: () => users, follow: changed.listen },
    audit,
    tasks,
    log: silentLog,
  })
  onTestFinished(images.stop)
  return { docker, users, changed, written, tasks, images }
}

test('a list with its users follows images and containers, and costs nothing when nobody listens', async () => {
  const { docker, users, changed, images } = open()
  const list = vi.spyOn(docker.engine(), 'images')
  docker.emit('pull', digest('a'), { type: 'image' })
  const told: string[][] = []
  const stop = images.follow((update) => told.push(update.images.map(brief)) > 0)
  await vi.waitFor(() => expect(told).toHaveLength(1))
  users.push({ name: 'web', image: 'app:1', imageId: null })
  changed.emit()
  await vi.waitFor(() => expect(told).toHaveLength(2))
  docker.images.push(image('d', 'new:1'))
  for (let i = 0; i < 20; i++) docker.emit('tag', digest('d'), { type: 'image' })
  await vi.waitFor(() => expect(told).toHaveLength(3))
  stop()
  docker.emit('delete', digest('d'), { type: 'image' })

  const second: string[][] = []
  onTestFinished(images.follow((update) => second.push(update.images.map(brief)) > 0))
  await vi.waitFor(() => expect(second).toHaveLength(1))
  const [first, used, tagged] = told
  expect({
    first,
    used: used?.[2],
    tagged: tagged?.[3],
    second: second[0]?.length,
    asked: list.mock.calls.length,
  }).toEqual({
    first: ['redis:7 used by db', 'dangling used by nobody', 'app:1+app:2 used by nobody'],
    used: 'app:1+app:2 used by web',
    tagged: 'new:1 used by nobody',
    second: 4,
    asked: 3,
  })
})

test('what a preview names is exactly what removal takes, several names included', async () => {
  const { docker, written, images } = open()
  const dangling = await images.previewPrune('dangling')
  const unused = await images.previewPrune('unused')
  await images.remove(
    unused.images.map(({ id }) => id),
    false,
    'browser',
  )
  expect({
    dangling: [dangling.images.map(brief), dangling.reclaimBytes],
    unused: [unused.images.map(brief), unused.reclaimBytes],
    left: docker.images.map(({ tags }) => tags),
    written,
  }).toEqual({
    dangling: [['dangling used by nobody'], 10],
    unused: [['dangling used by nobody', 'app:1+app:2 used by nobody'], 20],
    left: [['redis:7']],
    written: ['browser image.remove image bbbbbbbbbbbb', 'browser image.remove image app:1'],
  })
})

test('the engine refuses an image in use, in its own words', async () => {
  const { images, tasks } = open()
  const one = await images.remove([digest('a')], false, 'cli').catch((error) => error.message)
  const two = await images.remove([digest('a'), digest('f')], false, 'cli').catch((error) => error.code)
  expect({ one, two, told: tasks.told.sort() }).toEqual({
    one: 'Docker refused (409): image is being used by container db',
    two: 'ACTION_PARTLY_FAILED',
    told: ['ffffffffffff failed IMAGE_NOT_FOUND', 'redis:7 failed DOCKER_REFUSED', 'redis:7 failed DOCKER_REFUSED'],
  })
})

test('a container is known by the name, the id or the shortened id of its image', () => {
  const usesOf = imageUses([
    { name: 'by-name', image: 'redis', imageId: null },
    { name: 'by-id', image: digest('a'), imageId: null },
    { name: 'by-short-id', image: 'aaaaaaaaaaaa', imageId: null },
    { name: 'moved', image: 'redis', imageId: digest('b') },
    { name: 'by-port', image: 'host:5000/redis', imageId: null },
  ])
  expect([image('a', 'redis:latest'), image('b'), image('c', 'host:5000/redis:latest')].map(usesOf)).toEqual([
    ['by-id', 'by-name', 'by-short-id'],
    ['moved'],
    ['by-port'],
  ])
})
