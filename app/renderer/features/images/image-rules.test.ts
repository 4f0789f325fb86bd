import { expect, test } from 'vitest'
import type { Image } from '../../../shared/contracts/images.ts'
import { imageName, inUse, matchesImage, sizeOf } from './image-rules.ts'

const image = (digit: string, given: Partial<Image> = {}): Image => ({
  id: `sha256:${digit.repeat(64)}`,
  tags: [],
  sizeBytes: 10,
  createdAt: 0,
  usedBy: [],
  ...given,
})
const images = [
  image('a', { tags: ['redis:7', 'cache:1'], usedBy: ['db'] }),
  image('b', { tags: ['envoy:1.29'] }),
  image('c'),
]
const found = (text: string) => images.filter((one) => matchesImage(one, text)).map(imageName)

test('images are found by tag, id, service and use', () => {
  expect([
    found(''),
    found('CACHE'),
    found('sha256:bbb'),
    found('db'),
    found('in:none'),
    found('in:use envoy'),
  ]).toEqual([
    ['redis:7', 'envoy:1.29', 'cccccccccccc'],
    ['redis:7'],
    ['envoy:1.29'],
    ['redis:7'],
    ['envoy:1.29', 'cccccccccccc'],
    [],
  ])
})

test('what they would free and which are in use is said beforehand', () => {
  expect([sizeOf(images), inUse(images).map(imageName)]).toEqual([30, ['redis:7']])
})
