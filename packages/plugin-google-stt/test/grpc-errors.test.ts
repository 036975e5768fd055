import { ProviderError } from '@kav/core'
import { expect, it } from 'vitest'
import { classifyError } from '../src/grpc-errors.ts'

const place = { doing: 'stream', api: 'v2', region: 'eu' }
const classOf = (thrown: unknown): string => classifyError(thrown, place).class

it.each([
  ['a key that cannot sign', 16, 'Getting metadata from plugin failed with error: invalid_grant', 'auth'],
  [
    'a malformed key',
    2,
    'Getting metadata from plugin failed with error: DECODER routines::unsupported',
    'auth',
  ],
  [
    'a token server out of reach',
    16,
    'Getting metadata from plugin failed with error: getaddrinfo ENOTFOUND',
    'network',
  ],
  ['a stream the server cancelled', 1, 'Call cancelled', 'network'],
  ['a deadline', 4, 'Deadline exceeded', 'timeout'],
  ['a status gRPC does not know', 99, 'what', 'network'],
])('%s', (_, code, details, expected) => {
  expect(classOf({ code, details })).toBe(expected)
})

it('tells where, what, Google’s words and what to check, and keeps the facts as fields', () => {
  const error = classifyError({ code: 7, details: 'no' }, { ...place, model: 'chirp_3', language: 'iw-IL' })
  expect(error.message).toBe(
    'Google Speech-to-Text stream (v2, region eu, chirp_3, iw-IL): PERMISSION_DENIED: no (check stt.params.credentials and that its account has the role roles/speech.client in this project)',
  )
  expect(error.details).toMatchObject({ region: 'eu', status: 'PERMISSION_DENIED' })
})

it('leaves its own errors alone, and takes any other value', () => {
  const own = new ProviderError('quota', 'enough')
  expect(classifyError(own, place)).toBe(own)
  expect(classOf(Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }))).toBe('network')
  expect(classOf('a text')).toBe('bad-data')
})
