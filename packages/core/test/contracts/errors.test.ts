import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  asError,
  asProviderError,
  isKavError,
  isProviderError,
  KavError,
  messageOf,
  ProviderError,
} from '../../src/contracts/errors.ts'
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
    expect(isProviderError(error)).toBe(true)
    expect(error).toMatchObject({ class: 'bad-data', code: 'KAV_PLUGIN_BUG', retryable: false })
    expect(error.message).toMatch(/^stt: /)
    expect(isProviderError(make())).toBe(false)
    expect(isKavError(make())).toBe(false)
    expect(asError(make())).toBeInstanceOf(Error)
  })

  it('stays the error it is', () => {
    const error = new ProviderError('auth', 'no key')
    expect(asProviderError(error, 'stt')).toBe(error)
    expect(asError(error)).toBe(error)
  })

  it('is told by its brand, so that one of another copy of the core counts, and one that only looks alike does not', () => {
    const brand = Symbol.for('kav.error')
    const foreign = Object.assign(new Error('no key'), { [brand]: true, class: 'auth', retryable: false })
    expect(isProviderError(foreign)).toBe(true)
    expect(asProviderError(foreign, 'stt')).toBe(foreign)
    expect(isProviderError(Object.assign(new Error('no key'), { class: 'auth' }))).toBe(false)
    expect(isProviderError(Object.assign(foreign, { class: 'of-tomorrow' }))).toBe(false)
    expect(isProviderError(new KavError('KAV_X', 'x'))).toBe(false)
    const trap = { has: () => expect.fail('a trap') }
    expect(isProviderError(new Proxy(new ProviderError('auth', 'no key'), trap))).toBe(false)
    expect(isKavError(new KavError('KAV_X', 'x'))).toBe(true)
  })
})

describe('a fault of a plugin', () => {
  it('has the places of its stack and no word of its message in its details', () => {
    const thrown = new TypeError('cannot read\n    at the caller said (my card:1:2)')
    const { stack } = asProviderError(thrown, 'tts').details as { stack: string[] }
    expect(stack[0]).toMatch(/^at .*errors\.test\.ts:\d+:\d+\)?$/)
    expect(stack.join('\n')).not.toContain('my card')
  })
})

function isText(value: unknown): boolean {
  return typeof messageOf(value) === 'string'
}
