import { expect, test } from 'vitest'
import type { FeatureRules } from '../../../shared/contracts/routing.ts'
import type { AppError } from '../../../shared/errors.ts'
import { rulesFromYaml, rulesToYaml } from './yaml.ts'

const rules: FeatureRules = {
  description: 'Images: "loud" ones\nand quiet ones',
  strategy: 'lowest_cost',
  candidates: [
    { vendor: 'openai', service: 'dalle', model: 'gpt-image-1', tier: null, weight: 70 },
    { vendor: 'openai-compatible', service: '模型 / 一', model: 'yes', tier: '2', weight: 0 },
  ],
}

test('rules come back from YAML as they went, and what may be left out has its usual value', () => {
  const yaml = rulesToYaml(rules)
  const least = rulesFromYaml(
    '# one key only\ncandidates:\n- {vendor: sandbox, service: sandbox, model: sandbox-chat}\n',
  )
  expect([yaml.split('\n').slice(4, 9), rulesFromYaml(yaml), least, rulesFromYaml('')]).toEqual([
    ['candidates:', '  - vendor: openai', '    service: dalle', '    model: gpt-image-1', '    weight: 70'],
    rules,
    {
      ...{ description: '', strategy: 'weighted' },
      candidates: [{ vendor: 'sandbox', service: 'sandbox', model: 'sandbox-chat', tier: null, weight: 100 }],
    },
    { description: '', strategy: 'weighted', candidates: [] },
  ])
})

test('every mistake is told at its line', () => {
  const refusal = (yaml: string) => {
    try {
      return rulesFromYaml(yaml)
    } catch (error) {
      const { code, details } = error as AppError
      return code === 'RULES_UNREADABLE' ? `${details['line']}: ${details['reason']}` : code
    }
  }
  const one = 'candidates:\n  - vendor: openai\n    service: dalle\n    model: m\n'
  expect(
    [
      'strategy: weighted\ncolour: red\n',
      `${one}    wait: 3\n`,
      `${one}    weight: -1\n`,
      `strategy: fastest\n${one}`,
      'candidates:\n  - vendor: openai\n    service: dalle\n',
      'strategy: weighted\n\ncandidates: [\n',
      'description: a\nstrategy: weighted\ndescription: b\n',
      `${one}  - &again\n    vendor: openai\n    service: dalle\n    model: n\n  - *again\n`,
      `${one}  - vendor: openai\n    service: dalle\n    model: m\n`,
      '- weighted\n',
      'a: 1\n---\nb: 2\n',
      '['.repeat(20_000),
      `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
    ].map(refusal),
  ).toEqual([
    '2: colour is not known here',
    '5: wait is not known here',
    '5: candidates.0.weight: Too small: expected number to be >=0',
    '1: strategy: Invalid option: expected one of "weighted"|"round_robin"|"least_latency"|"least_busy"|"lowest_cost"',
    '2: candidates.0.model: Invalid input: expected string, received undefined',
    expect.stringMatching(/^[34]: /),
    '3: description is there twice',
    '9: aliases are not taken; write it out',
    '5: this candidate is listed twice',
    '1: Invalid input: expected object, received array',
    expect.stringMatching(/^2: /),
    expect.stringMatching(/^1: /),
    expect.stringMatching(/^1: /),
  ])
})
