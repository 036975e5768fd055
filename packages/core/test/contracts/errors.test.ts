import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { asError, asProviderError, messageOf, ProviderError } from '../../src/contracts/errors.ts'
import { ODD_THROWN } from './thrown-values.ts'

describe('what a thrown value says', () => {
  it.each(ODD_THROWN)('is a short text, whatever it is: %s', (_what, make) => {
    const said = messageOf(make())
    expect(typeof said).toBe('string')
    expect(said).not.toBe('')
    expect(said.length).toBeLessThanOrEqual(2001)
  })

  it('is a text for any value at all', () => {
    fc.assert(fc.property(fc.anything({ withNullPrototype: true, withBigInt: true }), isText))
  })

  it('is the message of an error, of this realm or another', () => {
    expect(messageOf(new Error('it broke'))).toBe('it broke')
    expect(messageOf({ message: 'from elsewhere' })).toBe('from elsewhere')
    expect(messageOf({ code: 7 })).toBe('{"code":7}')
    expect(messageOf(new TypeError())).toBe('TypeError')
  })
})

describe('a thrown value as an error', () => {
  it.each(ODD_THROWN)('is one of the core’s, whatever it is: %s', (_what, make) => {
    const error = asProviderError(make(), 'stt')
    expect(error).toBeInstanceOf(ProviderError)
    expect(error.class).toBe('network')
    expect(error.message).toMatch(/^stt: /)
    expect(asError(make())).toBeInstanceOf(Error)
  })

  it('stays the error it is', () => {
    const error = new ProviderError('auth', 'no key')
    expect(asProviderError(error, 'stt')).toBe(error)
    expect(asError(error)).toBe(error)
  })
})

function isText(value: unknown): boolean {
  return typeof messageOf(value) === 'string'
}
