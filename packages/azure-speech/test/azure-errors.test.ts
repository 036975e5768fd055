import { expect, it } from 'vitest'
import { createFaultClassifier, scrub } from '../src/azure-errors.ts'

const classify = createFaultClassifier({ auth: 'check the key' })
const place = { doing: 'synthesis', region: 'westeurope', voice: 'he-IL-HilaNeural' }
const refused = { code: 'ConnectionFailure', details: 'Unexpected server response: 401' }

it('the HTTP status decides, whatever the SDK calls it, and the message says what to check', () => {
  const error = classify(refused, place, [])
  expect(error.class).toBe('auth')
  expect(error.message).toBe(
    'Azure Speech synthesis (region westeurope, he-IL-HilaNeural): Unexpected server response: 401 (check the key)',
  )
  expect(error.details).toEqual({ ...place, code: 'ConnectionFailure', status: 401 })
})

it('a key of one region says nothing of the others', () => {
  expect(classify(refused, { ...place, ownKey: true }, []).class).toBe('bad-request')
})

it('a URL loses its query, a header its value, and a configured secret goes wherever it stands', () => {
  expect(scrub('at wss://h/p?Ocp-Apim-Subscription-Key=abc&x=1 failed', [])).toBe(
    'at wss://h/p?(hidden) failed',
  )
  expect(scrub('Authorization: Bearer abc.def', [])).toBe('Authorization: (hidden)')
  expect(scrub('key=a%2Fb+c and a/b+c', ['a/b+c'])).toBe('key=a%2Fb+c and (hidden)')
  expect(scrub(`x ${encodeURIComponent('a/b+c')}`, ['a/b+c'])).toBe('x (hidden)')
})
