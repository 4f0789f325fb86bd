import { expect, test } from 'vitest'
import { AppError } from '../../shared/errors.ts'
import { refusal, transportFailure } from './failures.ts'

test('a request without an answer says in plain words why', () => {
  const failure = (code: string) => {
    const { code: own, details } = transportFailure(Object.assign(new Error(`connect ${code}`), { code }), 'unix:///s')
    return [own, details['reason']]
  }
  expect(['EACCES', 'ENOENT', 'ECONNREFUSED', 'EPIPE', 'ENOTFOUND', 'CERT_HAS_EXPIRED'].map(failure)).toEqual([
    ['DOCKER_FORBIDDEN', undefined],
    ['DOCKER_UNREACHABLE', 'there is no socket'],
    ['DOCKER_UNREACHABLE', 'nothing listens there'],
    ['DOCKER_UNREACHABLE', 'the connection was cut'],
    ['DOCKER_UNREACHABLE', 'the name is not known'],
    ['DOCKER_UNREACHABLE', 'connect CERT_HAS_EXPIRED'],
  ])
  const own = new AppError('CANCELLED')
  expect(transportFailure(own, 'unix:///s')).toBe(own)
})

test('a refusal keeps the words of the engine and says what is gone', () => {
  const said = (status: number, body: string) => {
    const { code, details } = refusal({ status, body: Buffer.from(body) }, 'db')
    return [code, details]
  }
  expect([
    said(404, '{"message":"No such container: db"}'),
    said(404, '{"message":"No such image: db:1"}'),
    said(404, '{"message":"network db not found"}'),
    said(409, '{"message":"The name is already in use"}'),
    said(502, `<html>${'x'.repeat(5000)}`),
    said(500, ''),
  ]).toEqual([
    ['SERVICE_NOT_FOUND', { name: 'db' }],
    ['IMAGE_NOT_FOUND', { name: 'db' }],
    ['DOCKER_REFUSED', { status: 404, reason: 'network db not found' }],
    ['DOCKER_REFUSED', { status: 409, reason: 'The name is already in use' }],
    ['DOCKER_REFUSED', { status: 502, reason: `<html>${'x'.repeat(994)}` }],
    ['DOCKER_REFUSED', { status: 500, reason: 'HTTP 500' }],
  ])
})
