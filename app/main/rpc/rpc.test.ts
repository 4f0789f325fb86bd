import { expect, test } from 'vitest'
import { linkPair } from '../../../tests/lib/link-pair.ts'
import { createClient } from '../../shared/rpc/client.ts'
import { silentLog } from '../lib/log.ts'
import { type AllHandlers, createRouter } from './router.ts'
import { serveLink } from './serve-link.ts'

test('a slow reader gets a fresh snapshot instead of a queue', async () => {
  let emit: (payload: { notices: [] }) => boolean = () => false
  let listens = 0
  const handlers = {
    notices: {
      onUpdates: (to: typeof emit) => {
        emit = to
        listens++
        emit({ notices: [] })
        return () => {}
      },
    },
  } as unknown as AllHandlers
  const [near, far] = linkPair()
  const frames: string[] = []
  serveLink(far, createRouter(handlers, silentLog), 'browser', silentLog, 100)
  near.onFrame((frame) => frames.push(frame))

  near.send(JSON.stringify({ kind: 'listen', id: 1, path: 'notices.updates' }))
  await Promise.resolve()
  const taken = Array.from({ length: 1000 }, () => emit({ notices: [] })).filter(Boolean).length
  near.send(JSON.stringify({ kind: 'read', characters: 10_000 }))
  await Promise.resolve()
  await Promise.resolve()

  expect({ taken, listens, frames: frames.length }).toEqual({ taken: 2, listens: 2, frames: 4 })
})

test('an unknown path, a prototype name and a wrong input are refused with a code', async () => {
  const [near, far] = linkPair()
  serveLink(far, createRouter({ services: {} } as AllHandlers, silentLog), 'browser', silentLog)
  const rpc = createClient(near)
  near.send('{nope')
  near.send('{"kind":"call","id":98,"path":"__proto__.x"}')
  // @ts-expect-error a wrong input does not compile
  const failure = await rpc.services.act({ ids: [] }).catch((error) => error.code)
  expect(failure).toBe('BAD_INPUT')
})

test('what an open page asks by itself is not told as a call that somebody made', async () => {
  const handlers = {
    routing: { decisions: () => ({ decisions: [] }) },
    host: { info: () => ({ version: '1' }) },
  } as unknown as AllHandlers
  const told: string[] = []
  const router = createRouter(handlers, silentLog, ({ actor }) => void told.push(actor))
  // The page of decisions fetches each new one, also where nobody sits before it.
  const decisions = { feature: null, before: null, limit: 50 }
  expect(await router.call('routing.decisions', decisions, { actor: 'browser' })).toMatchObject({ ok: true })
  expect(told).toEqual([])
  expect(await router.call('host.info', undefined, { actor: 'desktop' })).toMatchObject({ ok: true })
  expect(told).toEqual(['desktop'])
})
