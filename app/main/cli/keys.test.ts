import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { tempFolder } from '../../../tests/lib/temp-folder.ts'

const cli = fileURLToPath(new URL('../cli.ts', import.meta.url))
/** Runs `pilothouse keys …` on a data folder as a shell would, with something on standard input. */
async function run(folder: string, args: readonly string[], input = '') {
  const env = { ...process.env, LC_ALL: 'C', NODE_NO_WARNINGS: '1' }
  const child = spawn(process.execPath, [cli, 'keys', ...args, '--data', folder], { env })
  child.stdin.on('error', () => {}) // it may end without reading
  child.stdin.end(input)
  const ended = new Promise<number>((resolve) => child.once('exit', (code) => resolve(code ?? -1)))
  const [out, errors, code] = await Promise.all([text(child.stdout), text(child.stderr), ended])
  return { out, errors, code }
}

test('a key is added, listed, switched, rotated and removed; secrets come from standard input alone', async () => {
  const folder = tempFolder()
  const secret = 'sk-test-0123456789'
  const added = await run(
    folder,
    ['add', 'openai', 'Main', '--service', 'gpt-4', '--expires', '2099-01-01'],
    `${secret}\n`,
  )
  const duplicate = await run(folder, ['add', 'aliyun', 'Copy'], secret)
  const local = await run(
    folder,
    ['add', 'openai-compatible', 'Local', '--base-url', 'http://127.0.0.1:11434/v1'],
    'ollama',
  )
  const disabled = await run(folder, ['disable', 'Main', '--reason', 'holidays'])
  const rotated = await run(folder, ['rotate', 'Main', '--grace', '1'], 'sk-test-rotated-0123')
  const listed = await run(folder, ['ls'])
  const removed = await run(folder, ['remove', 'Main', 'Local', '--json'])
  const left = JSON.parse((await run(folder, ['ls', '--json'])).out).map(({ name }: { name: string }) => name)
  const wrong = await Promise.all([
    run(folder, ['add', 'openai', 'Main', secret]),
    run(folder, ['add', 'openai', 'Main']),
    run(folder, ['show']),
    run(folder, ['enable', 'Nobody']),
  ])
  const all = [added, duplicate, local, disabled, rotated, listed, removed, ...wrong]

  expect({
    printed: [added.out, disabled.out, rotated.out].map((line) => line.replace(/\(.*\)/, '(id)')),
    listed: listed.out.split('\n').map((line) => line.replace(/^\S+ +/, '').replace(/ +/g, ' ')),
    duplicate: [duplicate.code, duplicate.errors],
    removed: Object.keys(JSON.parse(removed.out)),
    left,
    wrong: wrong.map(({ code }) => code),
    secrets: all.filter(({ out, errors }) => `${out}${errors}`.includes('sk-test')),
  }).toEqual({
    printed: ['Main added (id)\n', 'Main disabled\n', 'Main rotated\n'],
    listed: [
      'NAME VENDOR SERVICE TIER STATE TODAY MONTH TESTED',
      'Sandbox sandbox sandbox sandbox ready 0 0.00 USD',
      'Main openai gpt-4 primary disabled (holidays) 0 0.00 USD',
      'Local openai-compatible default primary ready 0 0.00 USD',
      '',
    ],
    duplicate: [1, 'pilothouse: The key Main has the same secret already. (KEY_DUPLICATE_SECRET)\n'],
    removed: ['removed'],
    left: ['Sandbox'],
    wrong: [2, 2, 2, 1],
    secrets: [],
  })
}, 60_000)
