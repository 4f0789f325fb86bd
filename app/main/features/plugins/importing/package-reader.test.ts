import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { tempFolder } from '../../../../../tests/lib/temp-folder.ts'
import { silentLog } from '../../../lib/log.ts'
import { document, writeFiles } from '../test-packages.ts'
import { codeOf } from '../test-world.ts'
import { createPackageReader } from './package-reader.ts'

/** Three thousand documents: seconds of work. */
function largePackage(): string {
  const folder = tempFolder()
  const names = Array.from({ length: 3000 }, (_, n) => `${n}`)
  writeFiles(folder, Object.fromEntries(names.map((name) => [`${name}.json`, document(name, '1.0.0', ['a', 'b'])])))
  return folder
}

test('a package that takes too long is given up, and the next one is read by a new thread', async () => {
  const reader = createPackageReader({ log: silentLog, timeLimitMs: 1000 })
  onTestFinished(reader.stop)
  const small = tempFolder()
  writeFiles(small, { 'w.json': document('Weather', '1.0.0', ['now']) })
  const target = tempFolder()
  const first = codeOf(reader.ask('take', { path: largePackage(), target: join(target, 'a') }))
  // Asked meanwhile, it waits for its turn.
  const second = reader.ask('lines', { file: join(small, 'w.json'), from: 1, count: 1 })
  const controller = new AbortController()
  const third = codeOf(reader.ask('take', { path: small, target: join(target, 'c') }, { signal: controller.signal }))
  controller.abort()

  expect([await first, (await second).lines, await third]).toEqual(['PACKAGE_TIME_LIMIT', ['{'], 'CANCELLED'])
})
