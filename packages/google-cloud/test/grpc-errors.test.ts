import { expect, it } from 'vitest'
import { createGrpcErrors } from '../src/grpc-errors.ts'

const errors = createGrpcErrors({
  service: 'Google Text-to-Speech',
  stage: 'tts',
  checks: { quota: 'check the quotas' },
  classes: { 11: 'session-limit' },
})
const place = { doing: 'synthesis', region: 'eu', voice: '', language: 'he-IL' }

it('names the service, what of the place is known, Google’s words and what to check', () => {
  const error = errors.classifyError({ code: 8, details: 'too many' }, place)
  expect(error.message).toBe(
    'Google Text-to-Speech synthesis (region eu, he-IL): RESOURCE_EXHAUSTED: too many (check the quotas)',
  )
  expect(error.details).toEqual({ ...place, status: 'RESOURCE_EXHAUSTED' })
})

it('a service may have a class of its own for a status', () => {
  expect(errors.classifyError({ code: 11, details: 'x' }, place).class).toBe('session-limit')
  expect(errors.classifyError({ code: 3, details: 'x' }, place).class).toBe('bad-request')
})

it('credentials that cannot be checked for want of a network are no fault of the credentials', () => {
  const classOf = (text: string) => errors.classifyCredentialsError(new Error(text), place).class
  expect(classOf('getaddrinfo ENOTFOUND oauth2.googleapis.com')).toBe('network')
  expect(classOf('invalid_grant')).toBe('auth')
})
