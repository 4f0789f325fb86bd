import { expect, test } from 'vitest'
import { externalUrl, isAppUrl, routeOfArguments, routeOfLink, withServiceId } from './routes.ts'

test('links and arguments become routes of plain words, or nothing', () => {
  const links = [
    'pilothouse://services/ai-hub_web.1',
    'pilothouse://services/db/logs/',
    'pilothouse://settings',
    'pilothouse://',
    'pilothouse://services/%2e%2e',
    'pilothouse://services/../settings',
    'pilothouse://services/db?x=1',
    'pilothouse://services/<img>',
    `pilothouse://services/${'a'.repeat(129)}`,
    'pilothouse://a/b/c/d',
    'https://example.com/services',
    'PILOTHOUSE://services',
  ]
  expect(links.map(routeOfLink)).toEqual([
    '/services/ai-hub_web.1',
    '/services/db/logs',
    '/settings',
    ...Array(9).fill(null),
  ])
  expect([
    routeOfArguments(['electron', '.', '--no-sandbox', '--page=images']),
    routeOfArguments(['pilothouse', '--page=//evil.example/x', 'pilothouse://services/db']),
    routeOfArguments(['pilothouse', '--data', '/tmp']),
  ]).toEqual(['/images', '/evil.example/x', null])
})

test('only http and https without credentials leave for the browser', () => {
  const urls = ['https://a.example/x', 'http://127.0.0.1:8080/', 'https://user:pw@a.example/', 'file:///etc/passwd']
  expect([...urls, 'javascript:alert(1)', 'ssh://host', 'smb://host/share', 'nonsense'].map(externalUrl)).toEqual([
    'https://a.example/x',
    'http://127.0.0.1:8080/',
    ...Array(6).fill(null),
  ])
})

test('an origin that only begins like ours is another', () => {
  expect(['app://pilothouse/', 'app://pilothouse/#/x', 'app://pilothouse.evil/', 'app://other/'].map(isAppUrl)).toEqual(
    [true, true, false, false],
  )
})

test('a service is found by its name; an unknown one leads to the list', () => {
  const services = [{ id: 'abc', name: 'db' }]
  expect(
    ['/services/db/logs', '/services/db', '/services/gone', '/services', '/settings'].map((r) =>
      withServiceId(r, services),
    ),
  ).toEqual(['/services/abc/logs', '/services/abc', '/services', '/services', '/settings'])
})
