import { expect, test } from 'vitest'
import { textIn } from '../../i18n/text.ts'
import { findParts, sectionsOf } from './settings-search.ts'

const browser = {
  tray: false,
  startAtLogin: false,
  nativeNotifications: false,
  saveDialog: false,
  secretStorage: 'key-file',
} as const
const find = (
  query: string,
  capabilities: Parameters<typeof findParts>[2] = browser,
  language: 'en' | 'zh-CN' = 'en',
) => [...findParts(query, (key, values) => textIn(language, key, values), capabilities)]

test('words are found in titles, hints and the section, in the language of the page', () => {
  expect([
    find('dark'),
    find('DOCKER_HOST'),
    find('docker ssh'),
    find('appearance lang'),
    find('审计', browser, 'zh-CN'),
    find('unicorn'),
  ]).toEqual([['theme'], ['endpoint'], ['endpoint'], ['language'], ['trail', 'bundle'], []])
})

test('what this host cannot do is neither found nor has a section', () => {
  const desktop = { ...browser, tray: true, startAtLogin: true, nativeNotifications: true }
  const sections = (capabilities: Parameters<typeof findParts>[2]) =>
    sectionsOf(findParts('', (key) => textIn('en', key), capabilities))
  expect([sections(browser).includes('console'), sections(null).includes('console'), find('tray', desktop)]).toEqual([
    false,
    false,
    ['closeToTray'],
  ])
  expect(sections(desktop)).toEqual([
    'appearance',
    'docker',
    'vault',
    'localPlatform',
    'console',
    'data',
    'audit',
    'log',
    'support',
  ])
})
