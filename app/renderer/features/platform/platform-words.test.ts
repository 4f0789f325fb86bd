import { expect, test } from 'vitest'
import type { PlatformPort, PlatformState } from '../../../shared/contracts/platform.ts'
import { textIn } from '../../i18n/text.ts'
import {
  briefly,
  commandsOf,
  conditionOfPlatform,
  mainPort,
  platformAttention,
  portSentence,
} from './platform-words.ts'

const port = (number: number, state: PlatformPort['state'] = { kind: 'listening' }): PlatformPort => ({
  part: number === 8000 ? 'gateway' : 'registry',
  port: number,
  state,
  requests: 0,
  requestsPerSecond: 0,
})
const taken = { kind: 'taken', pid: 4120, command: 'python3' } as const
const running = (...ports: PlatformPort[]): PlatformState => ({
  state: { kind: 'running', since: 0 },
  crashes: 0,
  ports,
  openLocalMode: true,
})
const t = (...[key, values]: Parameters<typeof textIn> extends [unknown, ...infer Rest] ? Rest : never) =>
  textIn('en', key, values)

test('the platform as a whole has one condition, and one word in the bar', () => {
  const failure = { code: 'INTERNAL', details: { incident: 'x' } }
  const states: PlatformState[] = [
    running(port(8000), port(8003)),
    running(port(8000, taken), port(8003)),
    { ...running(port(8000, { kind: 'closed' })), state: { kind: 'crashed', failure, retryAt: 0 } },
    { ...running(), state: { kind: 'stopped' } },
    { ...running(), state: { kind: 'restarting' } },
  ]
  expect(states.map((state) => [conditionOfPlatform(state), briefly(state, t), platformAttention(state)])).toEqual([
    ['ok', ':8000', 0],
    ['warn', ':8003 1 port taken', 1],
    ['fail', 'crashed', 1],
    ['stopped', 'off', 0],
    ['busy', 'restarting', 0],
  ])
})

test('a taken port says by whom, as far as the system tells', () => {
  const platform = running()
  const says = (state: PlatformPort['state']) => portSentence(platform, port(8000, state), t)
  expect([
    says(taken),
    says({ ...taken, command: null }),
    says({ ...taken, pid: null }),
    says({ kind: 'listening' }),
    portSentence({ ...platform, state: { kind: 'restarting' } }, port(8000), t),
  ]).toEqual([
    'taken by python3 (process 4120)',
    'taken by process 4120',
    'taken by another process',
    'listening',
    'waiting',
  ])
})

test('commands go to a port that answers, with a token where one is needed', () => {
  expect(mainPort(running(port(8000, taken), port(8003)))?.port).toBe(8003)
  expect(mainPort(running())).toBe(null)
  const commands = commandsOf({ ...running(port(8000)), openLocalMode: false })
  expect(commands.map(({ text }) => text).slice(0, 2)).toEqual([
    "curl -s -H 'Authorization: Bearer TOKEN' http://127.0.0.1:8000/health",
    "curl -s -H 'Authorization: Bearer TOKEN' http://127.0.0.1:8000/api/plugins",
  ])
})
