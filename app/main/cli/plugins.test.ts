import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { tempFolder } from '../../../tests/lib/temp-folder.ts'

const cli = fileURLToPath(new URL('../cli.ts', import.meta.url))
/** Runs `pilothouse plugins …` as a shell would. */
const run = (...args: string[]) =>
  new Promise<{ code: number; out: string; errors: string }>((resolve) => {
    const env = { ...process.env, LC_ALL: 'C', NODE_NO_WARNINGS: '1' }
    execFile(process.execPath, [cli, 'plugins', ...args], { env }, (error, out, errors) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, errors }),
    )
  })

const api = `openapi: 3.0.0
info: {title: Tides, description: When they come, version: '1'}
servers: [{url: 'https://tides.example'}]
paths:
  /tides:
    get:
      operationId: tides
      responses: {'200': {description: ok, content: {application/json: {schema: {type: object}}}}}
`

test('what can be mended is listed and does not fail the check; strict refuses it', async () => {
  const file = join(tempFolder(), 'tides.yaml')
  writeFileSync(file, api)
  const [mended, strict] = [await run('check', file), await run('check', file, '--strict', '--json')]
  expect(mended).toEqual({
    code: 0,
    errors: '',
    out: `Tides v1.0.0: 1 of 1 tools callable

tides.yaml:6:5 warning SUMMARY_MISSING The operation has no summary.

Tides: what an import changes in its copy
tides.yaml:6 SUMMARY_MISSING /paths/~1tides/get
  - (nothing)
  + "tides"

1 plugin, 1 of 1 tools callable, 0 errors, 1 warnings.
`,
  })
  expect([strict.code, JSON.parse(strict.out).findings]).toEqual([
    1,
    [
      {
        severity: 'error',
        code: 'SUMMARY_MISSING',
        message: 'The operation has no summary.',
        file: 'tides.yaml',
        line: 6,
        column: 5,
        path: '/paths/~1tides/get',
        fixable: true,
        fix: 'It is made from the description or the operationId.',
      },
    ],
  ])
})

test('a package that cannot be read fails, wrong use says how to use it', async () => {
  const none = await run('check', join(tempFolder(), 'none.zip'))
  const wrong = await Promise.all([run(), run('check'), run('check', 'a', 'b'), run('check', 'a', '--loose')])
  expect([none.code, none.out]).toEqual([
    1,
    '. error PACKAGE_UNREADABLE It cannot be read: none.zip does not exist\n\n0 plugins, 0 of 0 tools callable, 1 errors, 0 warnings.\n',
  ])
  expect(wrong.map(({ code }) => code)).toEqual([2, 2, 2, 2])
})
