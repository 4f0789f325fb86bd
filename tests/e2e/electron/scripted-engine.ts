import { type FakeEngineServer, serveFakeEngine } from '../../lib/fake-engine-server.ts'

export const webId = 'a'.repeat(64)

export interface ScriptedEngine {
  readonly address: string
  /** Requests that changed something: "POST /containers/…/restart". */
  changes(): string[]
  /** `web` ends by itself with this exit code. */
  die(exitCode: number): void
  readonly stop: FakeEngineServer['stop']
}

/** An engine with one container, `web`, that runs, dies when told to, and is running again after a restart. */
export async function startScriptedEngine(): Promise<ScriptedEngine> {
  let exitCode: number | null = null
  const server = await serveFakeEngine()
  const status = () => (exitCode === null ? 'running' : 'exited')
  const row = () => ({
    ...{ Id: webId, Names: ['/web'], Image: 'busybox', Created: 1_790_000_000, Labels: {}, Ports: [] },
    ...{ State: status(), Status: exitCode === null ? 'Up 2 minutes' : `Exited (${exitCode}) 1 second ago` },
  })
  const inspected = () => ({
    ...{ Id: webId, Name: '/web', Created: '2026-09-01T00:00:00Z', Image: 'sha256:1', RestartCount: 0 },
    State: {
      ...{ Status: status(), OOMKilled: false, Pid: 0, ExitCode: exitCode ?? 0 },
      ...{ StartedAt: '2026-09-01T00:00:00Z', FinishedAt: '2026-09-01T00:00:01Z' },
    },
    Config: { Image: 'busybox', Labels: {} },
    HostConfig: { RestartPolicy: { Name: 'no', MaximumRetryCount: 0 } },
    NetworkSettings: { Networks: {}, Ports: {} },
    Mounts: [],
  })
  const tell = (action: string) =>
    server.tell(`${JSON.stringify({ Type: 'container', Action: action, Actor: { ID: webId }, timeNano: 1 })}\n`)

  server.answer('/containers/json', (...args: Parameters<ReturnType<typeof server.json>>) =>
    server.json([row()])(...args),
  )
  server.answer(`/containers/${webId}/json`, (...args: Parameters<ReturnType<typeof server.json>>) =>
    server.json(inspected())(...args),
  )
  server.answer(`/containers/${webId}/logs`, (...[, response]: Parameters<ReturnType<typeof server.json>>) => {
    // The engine's framing: a stream of standard output, four bytes of length, the text.
    response.end(Buffer.concat([Buffer.from([1, 0, 0, 0, 0, 0, 0, 6]), Buffer.from('hello\n')]))
  })
  server.answer(`/containers/${webId}/restart`, (...[, response]: Parameters<ReturnType<typeof server.json>>) => {
    exitCode = null
    response.writeHead(204).end()
    tell('start')
  })
  return {
    address: server.address,
    changes: () => server.requests.filter((request) => request.startsWith('POST')),
    die(code) {
      exitCode = code
      tell('die')
    },
    stop: server.stop,
  }
}
