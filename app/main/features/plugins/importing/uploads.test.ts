import { appendFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { tempFolder } from '../../../../../tests/lib/temp-folder.ts'
import { document, xpkg } from '../test-packages.ts'
import { codeOf, filesBelow, me, openWorld, sendUpload } from '../test-world.ts'
import { createUploads } from './uploads.ts'

const staged = (folder: string) => filesBelow(join(folder, 'plugins', 'staging'))

test('no path of an upload leaves its folder or means two files, on any system', async () => {
  const world = await openWorld()
  const begin = (...paths: string[]) =>
    codeOf(world.handlers.beginUpload({ name: 'x', files: paths.map((path) => ({ path, size: 1 })) }, me))
  const hostile = [
    ...['../x', 'a/../../x', '/etc/passwd', 'C:/x', 'a\\b', 'a\0b', 'con', 'a/nul.txt', 'a//b', './x', 'x.', 'a/'],
  ]
  const refused = await Promise.all(hostile.map((path) => begin(path)))
  const twice = [await begin('a', 'A'), await begin('a', 'a'), await begin('a', 'a/b'), await begin('ﬁ', 'fi')]
  const large = codeOf(
    world.handlers.beginUpload(
      { name: 'x', files: [1, 2].map((n) => ({ path: `${n}`, size: 300 * 1024 * 1024 })) },
      me,
    ),
  )

  expect([new Set(refused), new Set(twice), await large, staged(world.folder)]).toEqual([
    new Set(['PACKAGE_REFUSED']),
    new Set(['PACKAGE_REFUSED']),
    'UPLOAD_TOO_LARGE',
    [],
  ])
})

test('parts out of order, too long or too many end an upload, and nothing of it stays', async () => {
  const world = await openWorld()
  const { handlers } = world
  const begin = async () => (await handlers.beginUpload({ name: 'x', files: [{ path: 'x', size: 4 }] }, me)).uploadId
  const append = (uploadId: string, more: object) =>
    codeOf(handlers.appendUpload({ uploadId, file: 0, offset: 0, data: 'AAAA', ...more }, me))
  const wrong = [await append(await begin(), { offset: 1 }), await append(await begin(), { data: 'AAAAAAAA' })]
  wrong.push(await append(await begin(), { file: 1 }), await append('unknown', {}))
  const half = await begin()
  await append(half, {})
  const incomplete = await codeOf(handlers.finishUpload({ uploadId: half, activate: true }, me))
  const given = await begin()
  await handlers.abandonUpload({ uploadId: given }, me)
  const after = await append(given, {})
  const most = await Promise.all(Array.from({ length: 9 }, () => codeOf(begin())))
  const open = readdirSync(world.plugins.stagingFolder).length
  await world.close()

  expect([
    wrong,
    incomplete,
    after,
    most.filter((one) => one === 'BAD_INPUT').length,
    open,
    staged(world.folder),
  ]).toEqual([
    ['BAD_INPUT', 'BAD_INPUT', 'BAD_INPUT', 'UPLOAD_NOT_FOUND'],
    'UPLOAD_INCOMPLETE',
    'UPLOAD_NOT_FOUND',
    1,
    8,
    [],
  ])
})

test('an upload that nobody goes on with is dropped', async () => {
  const stagingFolder = tempFolder()
  const uploads = createUploads({ stagingFolder, idleMs: 20 })
  const id = await uploads.begin('x', [{ path: 'x', size: 3 }])

  await vi.waitFor(() => expect(readdirSync(stagingFolder)).toEqual([]))
  expect(await codeOf(uploads.append(id, 0, 0, 'AAAA'))).toBe('UPLOAD_NOT_FOUND')
})

test('a folder arrives with its empty files; what holds no plugin says why and keeps nothing', async () => {
  const world = await openWorld()
  const files = { 'pack/empty.txt': '', 'pack/w.json': document('Weather', '1.0.0', ['now']), 'pack/tail.txt': '' }
  const folder = await world.upload('pack', files, true)
  const nothing = await world.upload('notes.txt', { 'notes.txt': 'hello' }, true)
  const bomb = await world.upload('deep.json', { 'deep.json': '['.repeat(100_000) }, true)

  expect([
    folder.plugins.map(({ state, provenance }) => [state, provenance.fileCount]),
    [nothing.kind, nothing.plugins, nothing.findings.map(({ code }) => code)],
    [bomb.plugins, bomb.findings.length > 0],
    readdirSync(join(world.folder, 'plugins', 'packages')).length,
    staged(world.folder),
  ]).toEqual([[['active', 3]], [null, [], ['PACKAGE_NOT_RECOGNISED']], [[], true], 1, []])
})

test('a cancelled import ends at once and leaves nothing, and the next one goes on', async () => {
  const world = await openWorld()
  const source = tempFolder()
  mkdirSync(join(source, 'many'))
  for (let n = 0; n < 300; n++)
    writeFileSync(join(source, 'many', `${n}.json`), document(`Plugin ${n}`, '1.0.0', ['a', 'b', 'c']))
  const running = codeOf(world.handlers.importPath({ path: source, activate: true }, me))
  const stop = world.tasks.follow((update) => {
    const task = update.kind === 'snapshot' ? update.tasks[0] : update.upserted[0]
    if (task?.state === 'running') queueMicrotask(() => world.tasks.cancel(task.id))
    return true
  })
  const outcome = await running
  stop()
  const next = await world.upload('vendor', xpkg({}), true)

  expect([outcome, world.list().map(({ id }) => id), next.plugins[0]?.state, staged(world.folder)]).toEqual([
    'CANCELLED',
    ['vendor'],
    'active',
    [],
  ])
})

test('a large file is not held in memory on its way', async () => {
  const world = await openWorld()
  const source = tempFolder()
  writeFileSync(join(source, 'w.json'), document('Weather', '1.0.0', ['now']))
  // The thread itself is not what is measured.
  await world.handlers.importPath({ path: source, activate: true }, me)
  const part = Buffer.alloc(1024 * 1024, 'weights')
  for (let n = 0; n < 120; n++) appendFileSync(join(source, 'model.bin'), part)
  const before = process.memoryUsage.rss()
  let most = 0
  const timer = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss())
  }, 5)
  const { plugins } = await world.handlers.importPath({ path: source, activate: true }, me)
  clearInterval(timer)

  expect([plugins[0]?.provenance.sizeBytes, most - before < 150 * 1024 * 1024]).toEqual([expect.any(Number), true])
})

test('what is sent as one file is that file, whatever it is called', async () => {
  const world = await openWorld()
  const uploadId = await sendUpload(world.handlers, '天气.json', { '天气.json': document('天气', '1.0.0', ['now']) })
  const { plugins, name } = await world.handlers.finishUpload({ uploadId, activate: true }, me)
  expect([name, plugins[0]?.name, plugins[0]?.state]).toEqual(['天气.json', '天气', 'active'])
})
