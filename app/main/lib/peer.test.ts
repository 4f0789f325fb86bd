import { MessageChannel } from 'node:worker_threads'
import { expect, onTestFinished, test } from 'vitest'
import { AppError } from '../../shared/errors.ts'
import { type Ask, createPeer, type PeerHandlers } from './peer.ts'

interface Asks {
  readonly double: Ask<number, number, string>
  readonly refuse: Ask<string, void>
  readonly break: Ask<void, void>
  readonly wait: Ask<void, void>
}
type None = Record<never, never>

function pair() {
  const failures: string[] = []
  let begun = () => {}
  const waiting = new Promise<void>((resolve) => {
    begun = resolve
  })
  const handlers: PeerHandlers<Asks> = {
    double(number, { report }) {
      report('half way')
      return number * 2
    },
    refuse(name) {
      throw new AppError('PLUGIN_NOT_FOUND', { name })
    },
    break() {
      throw new Error('a bug')
    },
    wait: (_nothing, { signal }) =>
      new Promise<void>((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason))
        begun()
      }),
  }
  const { port1, port2 } = new MessageChannel()
  createPeer<None, Asks>(port2, handlers, (name) => failures.push(name))
  const peer = createPeer<Asks, None>(port1, {}, () => {})
  onTestFinished(() => port1.close())
  return { peer, failures, waiting }
}

test('a question is answered, with what was reported on the way', async () => {
  const { peer } = pair()
  const heard: string[] = []
  expect([await peer.ask('double', 21, { onProgress: (text) => heard.push(text) }), heard]).toEqual([42, ['half way']])
})

test('a refusal keeps its code; a bug is told where it happened and arrives without its text', async () => {
  const { peer, failures } = pair()
  await expect(peer.ask('refuse', 'tides')).rejects.toMatchObject({
    code: 'PLUGIN_NOT_FOUND',
    details: { name: 'tides' },
  })
  await expect(peer.ask('break', undefined)).rejects.toMatchObject({ code: 'INTERNAL' })
  expect(failures).toEqual(['break'])
})

test('who gives up is answered at once, and so is everybody when the other end is gone', async () => {
  const { peer, waiting } = pair()
  const giveUp = new AbortController()
  const first = peer.ask('wait', undefined, { signal: giveUp.signal })
  await waiting
  giveUp.abort()
  await expect(first).rejects.toMatchObject({ code: 'CANCELLED' })
  const second = peer.ask('wait', undefined)
  peer.close(new AppError('PLATFORM_NOT_RUNNING', { reason: 'gone' }))
  await expect(second).rejects.toMatchObject({ code: 'PLATFORM_NOT_RUNNING' })
  await expect(peer.ask('double', 1)).rejects.toMatchObject({ code: 'PLATFORM_NOT_RUNNING' })
})
