import { expect, test } from 'vitest'
import { createFakeDocker } from './fake-docker.ts'
import { dockerHandlers } from './handlers.ts'

test('a page sees the state and each change, and can ask for more', async () => {
  const docker = createFakeDocker()
  const handlers = dockerHandlers(docker)
  const seen: string[] = []
  const stop = handlers.onState((state) => seen.push(state.kind) > 0, undefined, { actor: 'browser' })
  docker.goUnreachable()
  docker.comeBack()
  stop()
  docker.connecting()
  handlers.reconnect(undefined, { actor: 'browser' })
  docker.comeBack()

  expect({
    seen,
    calls: docker.calls,
    contexts: await handlers.contexts(undefined, { actor: 'browser' }),
    networks: await handlers.networks(undefined, { actor: 'browser' }),
  }).toEqual({
    seen: ['ready', 'failed', 'ready'],
    calls: ['reconnect'],
    contexts: { contexts: [{ name: 'default', address: 'unix:///fake.sock', current: true }] },
    networks: { networks: [{ id: docker.networks[0]!.id, name: 'bridge', driver: 'bridge', scope: 'local' }] },
  })
})
