import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { runCommand } from '../../lib/console.ts'

const env = { DOCKER_HOST: 'unix:///nonexistent/docker.sock' }
let folder: string
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pilothouse-commands-'))
})
test.afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('help names every command, and wrong use is one sentence and exit code 2', async () => {
  const help = await runCommand(['--help'])
  expect([help.code, help.stderr]).toEqual([0, ''])
  for (const word of ['serve', 'open', 'ls', 'inspect', 'start', 'stop', 'restart', 'logs', 'Exit codes']) {
    expect(help.stdout).toContain(word)
  }
  for (const command of ['serve', 'open', 'services']) {
    expect(await runCommand([command, '--help'])).toMatchObject({ code: 0, stderr: '' })
  }
  expect(await runCommand(['--version'])).toEqual({
    code: 0,
    stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    stderr: '',
  })

  const wrong: [string[], string][] = [
    [[], 'Say what to do; see pilothouse --help.'],
    [['fly'], 'There is no command fly; see pilothouse --help.'],
    [['serve', '--prot', '1'], "Unknown option '--prot'."],
    [['serve', '--port', '70000'], '--port takes a whole number from 0 to 65535.'],
    [['services'], 'services knows ls, inspect, start, stop, restart, logs.'],
    [['services', 'stop'], 'services stop needs the name of a service.'],
    [['services', 'ls', 'db'], 'services ls does not take db.'],
    [['services', 'logs', 'db', '--tail', 'x'], '--tail takes a whole number from 0 to 10000.'],
  ]
  for (const [args, reason] of wrong) {
    expect(await runCommand(args)).toEqual({ code: 2, stdout: '', stderr: `pilothouse: ${reason} (WRONG_USE)\n` })
  }
})

test('without an engine a command says so, in the language of the terminal', async () => {
  const english = await runCommand(['services', 'ls', '--data', folder], env)
  expect(english).toEqual({
    code: 1,
    stdout: '',
    stderr: expect.stringMatching(/^pilothouse: Docker does not answer .*\(DOCKER_UNREACHABLE\)\n$/),
  })
  const chinese = await runCommand(['services', 'ls', '--data', folder], { ...env, LC_ALL: 'zh_CN.UTF-8' })
  expect(chinese.stderr).toContain('没有响应')
})

test('there is nothing to open while no console runs', async () => {
  expect(await runCommand(['open', '--data', folder])).toEqual({
    code: 1,
    stdout: '',
    stderr: `pilothouse: No console is running on the data folder ${folder}. (CONSOLE_NOT_RUNNING)\n`,
  })
})
