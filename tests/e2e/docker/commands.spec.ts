import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { runCommand, startConsole } from '../../lib/console.ts'
import {
  docker,
  dockerMissing,
  ensureTestImage,
  removeTestContainers,
  runContainer,
  testName,
} from '../../lib/docker.ts'

const missing = dockerMissing()
test.skip(missing !== null, missing ?? '')

let data: string
test.beforeEach(() => {
  ensureTestImage()
  removeTestContainers()
  data = mkdtempSync(join(tmpdir(), 'pilothouse-commands-'))
})
test.afterEach(() => {
  removeTestContainers()
  rmSync(data, { recursive: true, force: true })
})

for (const mode of ['a running console', 'no console'] as const) {
  test(`services are listed, found, read and restarted with ${mode}`, async () => {
    const compose = 'com.docker.compose'
    const id = runContainer(
      'web',
      ['sh', '-c', 'echo ready; echo oops >&2; exec sleep 1000'],
      ...['--label', `${compose}.project=${testName('shop')}`, '--label', `${compose}.service=${testName('front')}`],
      ...['--env', 'API_KEY=zq7-hidden-81'],
    )
    runContainer('web-2', ['sleep', '1000'])
    const console_ = mode === 'a running console' ? await startConsole({ data }) : null
    const services = (...args: string[]) => runCommand(['services', ...args, '--data', data])
    try {
      const table = await services('ls')
      expect(table.code).toBe(0)
      expect(table.stdout).toMatch(/^NAME +STATE +PROJECT +IMAGE +PORTS +SINCE\n/)
      expect(table.stdout).toContain(testName('web-2'))
      const list = JSON.parse((await services('ls', '--json')).stdout) as { id: string; name: string }[]
      expect(list.find((one) => one.id === id)).toMatchObject({ name: testName('web'), state: { kind: 'running' } })

      // By name, by the service in its Compose project, by the beginning of its id.
      for (const name of [testName('web'), testName('front'), id.slice(0, 12)]) {
        const inspected = await services('inspect', name, '--json')
        expect(JSON.parse(inspected.stdout)).toMatchObject({ id, restartPolicy: { name: 'no' } })
        expect(inspected.stdout).not.toContain('zq7-hidden-81')
      }
      expect((await services('inspect', testName('web'))).stdout).toContain('API_KEY=***')
      expect(await services('stop', 'no-such-service')).toEqual({
        code: 1,
        stdout: '',
        stderr: 'pilothouse: No service is called no-such-service. (SERVICE_UNKNOWN)\n',
      })

      expect(await services('logs', testName('web'))).toEqual({ code: 0, stdout: 'ready\n', stderr: 'oops\n' })

      const startedAt = () => docker('inspect', '-f', '{{.State.StartedAt}}', id)
      const before = startedAt()
      expect(await services('restart', testName('front'), '--grace', '1')).toEqual({
        code: 0,
        stdout: `${testName('web')} restarted\n`,
        stderr: '',
      })
      expect(startedAt()).not.toBe(before)
      expect(await services('stop', testName('web'), testName('web-2'), '--grace', '1')).toMatchObject({ code: 0 })
      const following = await services('logs', testName('web'), '-f', '--tail', '1')
      expect(following.code).toBe(0)
    } finally {
      await console_?.stop()
    }
  })
}

test('a name that means two services is refused with both', async () => {
  for (const name of ['one', 'two']) {
    runContainer(name, ['sleep', '1000'], '--label', `com.docker.compose.service=${testName('same')}`)
  }
  const { code, stderr } = await runCommand(['services', 'stop', testName('same'), '--data', data])
  expect(code).toBe(1)
  expect(stderr).toContain('SERVICE_AMBIGUOUS')
  for (const name of ['one', 'two']) expect(stderr).toContain(testName(name))
})
