import { expect, test } from 'vitest'
import { plugin as testPlugin } from '../../../../tests/lib/plugin-samples.ts'
import { textIn } from '../../i18n/text.ts'
import { applicable } from './plugin-actions.ts'
import { pluginPath, unpacked } from './plugin-address.ts'
import { matches, parseFilter } from './plugin-filter.ts'
import { compareConcern, compareFigure, compareNames, errorShare } from './plugin-order.ts'
import { initialOf, stateSentence, toolsWord } from './plugin-words.ts'

const plugins = [
  testPlugin('weather', {
    name: 'Weather',
    kind: 'openapi',
    waitingVersionId: 2,
    figures: { calls: 10, errors: 1, p95Ms: 9, lastAt: 5 },
  }),
  testPlugin('map', {
    name: '高德地图',
    missingConfiguration: ['key'],
    figures: { calls: 90, errors: 0, p95Ms: 9, lastAt: 5 },
  }),
  testPlugin('off', { name: 'Off', state: 'disabled', author: 'Ada' }),
  testPlugin('bad', { name: 'Bad', state: 'error', errorCount: 2 }),
  testPlugin('new', { name: 'tool-10', state: 'waiting' }),
  testPlugin('gone', { name: 'tool-2', restorableUntil: 1 }),
]
const english = (one: (typeof plugins)[number]) => stateSentence(one, (key, values) => textIn('en', key, values))
const found = (text: string, byTool = new Map<string, string>()) =>
  plugins.filter((one) => matches(one, parseFilter(text), english, byTool)).map(({ id }) => id)

test('the filter reads words, states and kinds in both languages', () => {
  expect({
    words: found('ada'),
    shown: found('needs configuration'),
    state: found('state:disabled'),
    chinese: found('状态：停用'),
    two: found('state:active state:error kind:coze'),
    update: found('状态:待更新'),
    uninstalled: found('state:uninstalled'),
    tool: found('forecast', new Map([['weather', 'getForecast']])),
    narrowed: found('forecast kind:curl', new Map([['weather', 'getForecast']])),
  }).toEqual({
    words: ['off'],
    shown: ['map'],
    state: ['off'],
    chinese: ['off'],
    two: ['map', 'bad'],
    update: ['weather'],
    uninstalled: ['gone'],
    tool: ['weather'],
    narrowed: [],
  })
})

test('sorted by concern the worst is first, by a figure the biggest, and what has none is last', () => {
  const ids = (compare: (a: (typeof plugins)[number], b: (typeof plugins)[number]) => number) =>
    [...plugins].sort(compare).map(({ id }) => id)
  expect({
    concern: ids(compareConcern),
    errors: ids(compareFigure(errorShare)).slice(0, 2),
    names: ids(compareNames).filter((id) => id === 'new' || id === 'gone'),
  }).toEqual({
    concern: ['bad', 'map', 'new', 'weather', 'off', 'gone'],
    errors: ['weather', 'map'],
    names: ['gone', 'new'],
  })
})

test('an action applies to those that it changes', () => {
  const ids = (action: Parameters<typeof applicable>[0]) => applicable(action, plugins).map(({ id }) => id)
  expect({ enable: ids('enable'), disable: ids('disable'), remove: ids('remove'), restore: ids('restore') }).toEqual({
    enable: ['off', 'new'],
    disable: ['weather', 'map'],
    remove: ['weather', 'map', 'off', 'bad', 'new'],
    restore: ['gone'],
  })
})

test('an id of any signs survives its address', () => {
  const id = 'a/b c%2F#?高'
  const [, , packed = '', , operation = ''] = pluginPath(id, 'tools', 'get/{x}').split('/')
  expect([unpacked(packed), unpacked(operation), unpacked('100%')]).toEqual([id, 'get/{x}', '100%'])
})

test('a row says its tools and its initial', () => {
  const words = (toolCount: number, callableCount: number) =>
    toolsWord({ toolCount, callableCount }, (key, values) => textIn('en', key, values))
  expect([
    words(1054, 1054),
    words(1054, 9),
    initialOf('  [beta] 天气'),
    initialOf('  «天气»'),
    initialOf('…'),
  ]).toEqual(['1,054', '9 of 1,054', 'B', '天', '?'])
})
