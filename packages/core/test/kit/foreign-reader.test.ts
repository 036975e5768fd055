import { Type } from '@sinclair/typebox'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createForeignReader } from '../../src/kit/index.ts'

const read = createForeignReader(
  Type.Object({
    text: Type.String(),
    at: Type.Optional(Type.Number()),
    list: Type.Optional(Type.Array(Type.String())),
  }),
)

describe('a value from outside', () => {
  it('passes with fields that nobody reads', () => {
    const value = { text: 'hello', next_year: { a: 1 } }
    expect(read(value)).toEqual({ ok: true, value })
  })

  it.each([
    [null, 'it must be object and is null'],
    [[], 'it must be object and is array'],
    [{ text: 5 }, 'text must be string and is number'],
    [{ at: 1 }, "it must have required property 'text'"],
    [{ text: '', at: Infinity }, 'at must be number and is number'],
    [{ text: '', list: ['a', null] }, 'list.1 must be string and is null'],
  ])('%j is refused', (value, why) => {
    expect(read(value)).toEqual({ ok: false, why })
  })

  it('is never thrown at, and its content never told', () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true }), fc.string({ minLength: 8 }), (value, secret) => {
        read(value)
        const refused = read({ text: { [secret]: secret }, at: secret })
        expect(refused.ok).toBe(false)
        if (!refused.ok) expect(refused.why).not.toContain(secret)
      }),
    )
  })
})
