import { expect, test, vi } from 'vitest'
import type { Link } from '../../shared/rpc/link.ts'
import { type Connection, createReconnectingRpc, SignInRefused } from './reconnecting-rpc.ts'

/** A link whose other end is the test. */
function scriptedLink() {
  const sent: string[] = []
  let receive: (frame: string) => void = () => {}
  const closers: (() => void)[] = []
  const link: Link = {
    send: (frame) => void sent.push(frame),
    onFrame: (listener) => {
      receive = listener
    },
    onClose: (listener) => void closers.push(listener),
  }
  return {
    link,
    sent,
    answer: (frame: object) => receive(JSON.stringify(frame)),
    close: () => closers.forEach((end) => void end()),
  }
}

test('subscriptions outlive their link, calls do not', async () => {
  const seen: (Connection | string)[] = []
  const { rpc, connect } = createReconnectingRpc((connection) => seen.push(connection))
  rpc.notices.onUpdates(({ notices }) => seen.push(`${notices.length} notices`))
  const early = await rpc.docker.reconnect().catch((error) => error.code)

  const links = [scriptedLink(), scriptedLink()]
  let opened = 0
  void connect(async () => links[opened++]?.link ?? Promise.reject(new SignInRefused()))
  await vi.waitFor(() => expect(links[0]!.sent).toHaveLength(1))
  links[0]!.answer({ kind: 'event', id: 1, data: { notices: [1] } })
  const underWay = rpc.docker.reconnect().catch((error) => error.code)
  links[0]!.close()
  await vi.waitFor(() => expect(links[1]!.sent).toHaveLength(1))
  links[1]!.answer({ kind: 'event', id: 1, data: { notices: [1, 2] } })
  links[1]!.close()
  await vi.waitFor(() => expect(seen.at(-1)).toBe('refused'))

  expect([early, await underWay]).toEqual(['DISCONNECTED', 'DISCONNECTED'])
  expect(seen).toEqual(['open', '1 notices', 'lost', 'open', '2 notices', 'lost', 'refused'])
})

test('what was unsubscribed while the link was away is not asked for again', async () => {
  const { rpc, connect } = createReconnectingRpc(() => {})
  const stop = rpc.notices.onUpdates(() => {})
  rpc.docker.onState(() => {})
  stop()
  const { link, sent } = scriptedLink()
  void connect(async () => link)
  await vi.waitFor(() => expect(sent.map((frame) => JSON.parse(frame).path)).toEqual(['docker.state']))
})
