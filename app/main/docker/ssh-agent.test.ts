import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { serveFakeEngine } from '../../../tests/lib/fake-engine-server.ts'
import { silentLog } from '../lib/log.ts'
import { createScope } from '../lib/scope.ts'
import { connectDocker } from './connection.ts'
import { sshArguments } from './ssh-agent.ts'

const scope = createScope()
afterEach(async () => {
  vi.unstubAllEnvs()
  await scope.close()
})

/** Puts a command called ssh first in the path: a script of Node that gets the folder it may write to. */
function installSsh(script: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'pilothouse-ssh-'))
  scope.add(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'ssh'), `#!${process.execPath}\nconst folder = ${JSON.stringify(folder)}\n${script}`)
  chmodSync(join(folder, 'ssh'), 0o755)
  vi.stubEnv('PATH', `${folder}${delimiter}${process.env['PATH']}`)
  return folder
}
function connect() {
  const endpoint = { kind: 'address', address: 'ssh://ann@far:2222' } as const
  const connection = connectDocker({ log: silentLog, endpoint })
  scope.add(connection.stop)
  return connection
}

test('the command names user, port and host, and asks for nothing', () => {
  expect(sshArguments({ kind: 'ssh', host: 'far', user: 'ann', port: 22, path: '/run/d.sock' }).join(' ')).toBe(
    '-o BatchMode=yes -o ConnectTimeout=10 -T -l ann -p 22 -- far docker --host unix:///run/d.sock system dial-stdio',
  )
})

test.skipIf(process.platform === 'win32')(
  'talks through ssh, with few processes for many requests [needs a POSIX shell]',
  async () => {
    const server = await serveFakeEngine({ '/networks': [] })
    scope.add(server.stop)
    const socketPath = server.address.slice('unix://'.length)
    const folder = installSsh(`
    require('fs').appendFileSync(folder + '/runs', process.argv.slice(2).join(' ') + '\\n')
    const socket = require('net').connect(${JSON.stringify(socketPath)})
    process.stdin.pipe(socket)
    socket.pipe(process.stdout)
    socket.on('close', () => process.exit())`)
    const connection = connect()
    await new Promise<void>((resolve) => connection.follow((state) => state.kind === 'ready' && resolve()))
    for (let i = 0; i < 10; i++) await connection.engine().networks()

    const runs = readFileSync(join(folder, 'runs'), 'utf8').trim().split('\n')
    expect(runs).toEqual(
      Array(2).fill('-o BatchMode=yes -o ConnectTimeout=10 -T -l ann -p 2222 -- far docker system dial-stdio'),
    )
  },
)

test.skipIf(process.platform === 'win32')('says what ssh complained about [needs a POSIX shell]', async () => {
  installSsh(`console.error('Host key verification failed.'); process.exit(255)`)
  const connection = connect()
  const reason = await new Promise((resolve) =>
    connection.follow((state) => state.kind === 'failed' && resolve(state.details['reason'])),
  )
  expect(reason).toBe('Host key verification failed.')
})
