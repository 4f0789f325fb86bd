import { expect, test } from 'vitest'
import type { Service } from '../../../shared/contracts/services.ts'
import { textIn } from '../../i18n/text.ts'
import { matches, parseFilter } from './service-filter.ts'
import { stateSentence } from './service-words.ts'
import { aService } from './test-services.ts'

const services: readonly Service[] = [
  aService('gateway', { project: 'ai-hub', image: 'envoy:1.29' }),
  aService('plugin', {
    project: 'ai-hub',
    state: { kind: 'stopped', exitCode: 137, outOfMemory: true, finishedAt: 0 },
  }),
  aService('redis', { project: 'ai', health: 'unhealthy', failingStreak: 3 }),
  aService('backup', { state: { kind: 'stopped', exitCode: 0, outOfMemory: false, finishedAt: 0 } }),
  aService('web', { state: { kind: 'paused', startedAt: 0 } }),
]
const found = (text: string, language: 'en' | 'zh-CN' = 'en') => {
  const sentence = (service: Service) => stateSentence(service, (key, values) => textIn(language, key, values))
  return services.filter((service) => matches(service, parseFilter(text), sentence)).map(({ name }) => name)
}

test('the field understands words, states and projects, alone and together', () => {
  expect({
    nothing: found('').length,
    name: found('GATE'),
    image: found('envoy'),
    id: found(services[4]!.id.slice(0, 12)),
    'words on the row': found('out of memory'),
    'several words': found('ai-hub 137'),
    'state:failed': found('state:failed'),
    'two states': found('state:failed state:paused'),
    'state of a project': found('project:ai-hub state:running'),
    'part of a project': found('project:ai'),
    'exactly a project': found('project:=ai'),
    'no project': found('project:-'),
    quoted: found('project:"ai-hub" plugin'),
    'a word with a colon': found('envoy:1.29'),
    'unknown state': found('state:nonsense'),
    'half typed': found('state:'),
  }).toEqual({
    nothing: 5,
    name: ['gateway'],
    image: ['gateway'],
    id: ['web'],
    'words on the row': ['plugin'],
    'several words': ['plugin'],
    'state:failed': ['plugin'],
    'two states': ['plugin', 'web'],
    'state of a project': ['gateway'],
    'part of a project': ['gateway', 'plugin', 'redis'],
    'exactly a project': ['redis'],
    'no project': ['backup', 'web'],
    quoted: ['plugin'],
    'a word with a colon': ['gateway'],
    'unknown state': [],
    'half typed': [],
  })
})

test('Chinese words mean the same', () => {
  expect([found('状态:失败', 'zh-CN'), found('项目：ai-hub 状态:运行中', 'zh-CN'), found('不健康', 'zh-CN')]).toEqual([
    ['plugin'],
    ['gateway'],
    ['redis'],
  ])
})
