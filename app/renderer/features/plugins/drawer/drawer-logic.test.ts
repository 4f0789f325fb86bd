import { expect, test } from 'vitest'
import { plugin as testPlugin } from '../../../../../tests/lib/plugin-samples.ts'
import type { ConfigurationField, PluginVersion } from '../../../../shared/contracts/plugins.ts'
import { argumentsOf, pretty } from './call-texts.ts'
import { isEdited, isMasked, labelOf, missingFields, refusedField, valuesToSave } from './configuration-values.ts'
import { firstPair } from './version-rules.ts'

const field = (name: string, more: Partial<ConfigurationField>): ConfigurationField => ({
  name,
  label: name,
  kind: 'text',
  required: false,
  default: null,
  options: [],
  maxLength: null,
  value: null,
  ...more,
})
const fields = [
  field('key', { kind: 'secret', required: true, value: 'ab****yz', chineseLabel: '密钥' }),
  field('server', { default: 'https://a' }),
  field('name', { required: true }),
]

test('an untouched secret goes back masked, a cleared one empty, a default as it is shown', () => {
  expect({
    untouched: valuesToSave(fields, { name: 'x' }),
    cleared: valuesToSave(fields, { key: '' }),
    masked: [isMasked(fields[0]!, {}), isMasked(fields[0]!, { key: 'new' }), isMasked(fields[1]!, {})],
    edited: [isEdited(fields, {}), isEdited(fields, { name: 'x' }), isEdited(fields, { key: 'ab****yz' })],
  }).toEqual({
    untouched: { key: 'ab****yz', server: 'https://a', name: 'x' },
    cleared: { key: '', server: 'https://a', name: '' },
    masked: [true, false, false],
    edited: [false, true, false],
  })
})

test('what is required and empty is named, a refusal finds its field, labels follow the language', () => {
  expect({
    missing: missingFields(fields, { key: '' }),
    invalid: refusedField({ code: 'ARGUMENT_INVALID', details: { name: 'server', reason: 'no URL' } }, fields),
    elsewhere: refusedField({ code: 'ARGUMENT_INVALID', details: { name: 'other', reason: 'x' } }, fields),
    other: refusedField({ code: 'DISK_FULL', details: {} }, fields),
    labels: [labelOf(fields[0]!, 'zh-CN'), labelOf(fields[0]!, 'en'), labelOf(fields[1]!, 'zh-CN')],
  }).toEqual({
    missing: ['key', 'name'],
    invalid: { name: 'server', reason: 'no URL' },
    elsewhere: null,
    other: null,
    labels: ['密钥', 'key', 'server'],
  })
})

test('compared first is what waits with what is in use, else what is in use with the one before', () => {
  const versions = [13, 12, 9].map((versionId) => ({ versionId }) as PluginVersion)
  const pair = (versionId: number, waitingVersionId: number | null) =>
    firstPair(testPlugin('a', { versionId, waitingVersionId }), versions)
  expect([pair(12, 13), pair(13, null), pair(9, null), firstPair(testPlugin('a'), versions.slice(2))]).toEqual([
    { from: 12, to: 13 },
    { from: 12, to: 13 },
    { from: 9, to: 13 },
    null,
  ])
})

test('kept payloads are shown with their parts below one another, and only objects are sent again', () => {
  expect([pretty('{"a":1}'), pretty('{"a":'), argumentsOf('{"a":1}'), argumentsOf('[1]'), argumentsOf('{')]).toEqual([
    '{\n  "a": 1\n}',
    '{"a":',
    { a: 1 },
    null,
    null,
  ])
})
