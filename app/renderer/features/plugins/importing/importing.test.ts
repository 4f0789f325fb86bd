import { expect, test } from 'vitest'
import type { ImportedPlugin } from '../../../../shared/contracts/plugins.ts'
import { AppError } from '../../../../shared/errors.ts'
import { isCurl, type PickedPackage, pickedByInput } from './picked-packages.ts'
import { isTrusted, mayBeActivated } from './review-rules.ts'
import { sendPackage, type UploadCalls } from './send-package.ts'

const file = (path: string) =>
  Object.assign(new File(['x'], path.split('/').at(-1)!), { webkitRelativePath: path.includes('/') ? path : '' })

test('files from one folder are one package without what is hidden; every other file is its own', async () => {
  const dropped = pickedByInput([
    file('coze/meta.yaml'),
    file('coze/.git/config'),
    file('coze/node_modules/a.js'),
    file('coze/docs/.hidden/b.md'),
    file('coze/docs/a.md'),
    file('one.json'),
    file('two.json'),
  ])
  const listed = await Promise.all(dropped.map(({ list }) => list()))
  expect(listed.map(({ name, files }) => [name, files.map(({ path }) => path)])).toEqual([
    ['coze', ['meta.yaml', 'docs/a.md']],
    ['one.json', ['one.json']],
    ['two.json', ['two.json']],
  ])
})

test('a folder of more than 10,000 files is refused before anything is sent', async () => {
  const [folder] = pickedByInput(Array.from({ length: 10_001 }, (_, i) => file(`big/${i}`)))
  await expect(async () => folder!.list()).rejects.toMatchObject({ code: 'PACKAGE_REFUSED' })
})

test('a text is a curl command with the prompt and the path that people copy along', () => {
  expect(
    ['curl https://a', '$ curl -s https://a', '/usr/bin/curl https://a', 'curly', 'use curl x'].map(isCurl),
  ).toEqual([true, true, true, false, false])
})

/** Takes in uploads as main does, and writes down what came. */
function fakeUploads(fail?: (part: number) => void) {
  const told: string[] = []
  let parts = 0
  const calls: UploadCalls = {
    beginUpload: async ({ files }) => {
      told.push(`begin ${files.map(({ path, size }) => `${path} ${size}`).join(', ')}`)
      return { uploadId: 'u' }
    },
    appendUpload: async ({ file: index, offset, data }) => {
      fail?.(++parts)
      told.push(`${index} at ${offset}: ${atob(data).length}`)
    },
    abandonUpload: async () => void told.push('abandon'),
  }
  return { told, calls }
}
const picked: PickedPackage = {
  name: 'p',
  files: [
    { path: 'large', file: new Blob([new Uint8Array(600_000)]) },
    { path: 'empty', file: new Blob([]) },
    { path: 'small', file: new Blob(['abc']) },
  ],
}

test('a package goes part by part, in order, and says how much has gone', async () => {
  const { told, calls } = fakeUploads()
  const sent: number[] = []
  await sendPackage(calls, picked, { signal: new AbortController().signal, onSent: (bytes) => sent.push(bytes) })
  expect({ told, sent }).toEqual({
    told: ['begin large 600000, empty 0, small 3', '0 at 0: 524288', '0 at 524288: 75712', '2 at 0: 3'],
    sent: [524_288, 600_000, 600_003],
  })
})

test('what fails or is cancelled on the way is taken back', async () => {
  const broken = fakeUploads((part) => {
    if (part === 2) throw new AppError('DISK_FULL', { folder: '/' })
  })
  const stop = new AbortController()
  const cancelled = fakeUploads(() => stop.abort())
  const none = () => {}
  expect({
    broken: await sendPackage(broken.calls, picked, { signal: new AbortController().signal, onSent: none }).catch(
      codeOf,
    ),
    cancelled: await sendPackage(cancelled.calls, picked, { signal: stop.signal, onSent: none }).catch(codeOf),
    told: [broken.told.at(-1), cancelled.told.at(-1)],
  }).toEqual({ broken: 'DISK_FULL', cancelled: 'CANCELLED', told: ['abandon', 'abandon'] })
})
const codeOf = (error: AppError) => error.code

test('what can be used and is not in use yet may be activated; what is trusted is ticked', () => {
  const provenance = { signature: 'none', foreign: false }
  const one = (more: object) =>
    ({ callableCount: 2, modelCount: 0, unchanged: false, state: 'waiting', provenance, ...more }) as ImportedPlugin
  expect({
    may: [
      one({}),
      one({ callableCount: 0 }),
      one({ callableCount: 0, modelCount: 3 }),
      one({ unchanged: true }),
      one({ unchanged: true, state: 'active' }),
    ].map(mayBeActivated),
    trusted: [
      one({}),
      one({ provenance: { signature: 'invalid', foreign: false } }),
      one({ provenance: { signature: 'valid', foreign: true } }),
    ].map(isTrusted),
  }).toEqual({ may: [true, false, true, true, false], trusted: [true, false, false] })
})
