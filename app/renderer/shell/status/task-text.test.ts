import { expect, test } from 'vitest'
import { ServiceAction } from '../../../shared/contracts/services.ts'
import type { Task } from '../../../shared/contracts/tasks.ts'
import { en } from '../../i18n/en.ts'
import { textIn } from '../../i18n/text.ts'
import { overallShare, titleOf } from './task-text.ts'

const title = (action: string, count: number) => ({ kind: 'serviceAction', action, count, first: 'db' }) as const

test('titles are said in both languages, for one and for many', () => {
  expect([
    titleOf(title('restart', 1), (key, values) => textIn('en', key, values)),
    titleOf(title('restart', 3), (key, values) => textIn('en', key, values)),
    titleOf(title('restart', 3), (key, values) => textIn('zh-CN', key, values)),
    titleOf(title('levitate', 1), (key, values) => textIn('en', key, values)),
  ]).toEqual(['Restart db', 'Restart 3 services', '重启 3 个服务', 'levitate db'])
})

test('every action has a title', () => {
  const actions = ServiceAction.options.map(({ shape }) => shape.kind.value)
  expect(actions.filter((action) => !Object.hasOwn(en.tasks, action))).toEqual([])
})

test('the overall progress is the mean of what is known', () => {
  const task = (done: number, total: number | null) => ({ done, total }) as Task
  expect([overallShare([task(1, 4), task(3, 4), task(5, null)]), overallShare([task(5, null)])]).toEqual([0.5, null])
})
