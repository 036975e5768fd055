import { Type } from '@sinclair/typebox'
import { describe, expect, it } from 'vitest'
import { closedSchema } from '../../src/config/findings/closed-schema.ts'
import { compileSchema } from '../../src/config/findings/compile-schema.ts'

const voice = Type.Object({ name: Type.String() })
const speed = Type.Object({ rate: Type.Number() })

/** A schema as a plugin may state it, what fits it, and what has one key too many. */
const CASES: readonly (readonly [string, object, unknown, unknown])[] = [
  ['a map', voice, { name: 'a' }, { name: 'a', nmae: 'b' }],
  ['a map in a map', Type.Object({ voice }), { voice: { name: 'a' } }, { voice: { name: 'a', x: 1 } }],
  [
    'a map in a list',
    Type.Object({ voices: Type.Array(voice) }),
    { voices: [] },
    { voices: [{ name: 'a', x: 1 }] },
  ],
  ['a map of maps', Type.Record(Type.String(), voice), { a: { name: 'a' } }, { a: { name: 'a', x: 1 } }],
  ['one of two maps', Type.Union([voice, speed]), { rate: 1 }, { rate: 1, x: 1 }],
  ['two maps in one', Type.Intersect([voice, speed]), { name: 'a', rate: 1 }, { name: 'a', rate: 1, x: 1 }],
  [
    'a map in two maps in one',
    Type.Intersect([Type.Object({ voice }), speed]),
    { voice: { name: 'a' }, rate: 1 },
    { voice: { name: 'a', x: 1 }, rate: 1 },
  ],
  [
    'a map with a choice in it',
    { type: 'object', properties: { a: { type: 'string' } }, oneOf: [speed, voice] },
    { a: 'b', rate: 1 },
    { a: 'b', rate: 1, x: 1 },
  ],
  [
    'a map whose fields depend',
    {
      type: 'object',
      properties: { a: { type: 'string' } },
      if: { type: 'object', properties: { a: { const: 'b' } } },
      then: { type: 'object', properties: { c: { type: 'number' } } },
    },
    { a: 'b', c: 1 },
    { a: 'c', c: 1 },
  ],
  [
    'a map by its reference',
    { type: 'object', properties: { v: { $ref: '#/$defs/v' } }, $defs: { v: voice } },
    { v: { name: 'a' } },
    { v: { name: 'a', x: 1 } },
  ],
  [
    'a map without a word',
    Type.Object({ extra: { type: 'object' } as never }),
    { extra: {} },
    { extra: { x: 1 } },
  ],
]

function fits(schema: object, value: unknown): boolean {
  const compiled = compileSchema(closedSchema(schema))
  if (!compiled.ok) throw new Error(compiled.reason)
  return compiled.check(value).length === 0
}

describe('a plugin’s schema', () => {
  it.each(CASES)('is closed where it does not say otherwise: %s', (_what, schema, right, wrong) => {
    expect(fits(schema, right)).toBe(true)
    expect(fits(schema, wrong)).toBe(false)
  })

  it.each([
    [
      'a map that says so',
      Type.Object({ a: Type.Object({}, { additionalProperties: true }) }),
      { a: { x: 1 } },
    ],
    [
      'a map with a kind of keys',
      Type.Object({ a: Type.Record(Type.String(), Type.Number()) }),
      { a: { x: 1 } },
    ],
    [
      'a map with a kind of values',
      Type.Object({ a: Type.Object({}, { additionalProperties: Type.Number() }) }),
      { a: { x: 1 } },
    ],
    ['anything', Type.Object({ a: Type.Unknown() }), { a: { x: { y: 1 } } }],
    [
      'one of two maps, and more',
      { type: 'object', additionalProperties: true, anyOf: [voice, speed] },
      { rate: 1, x: 2 },
    ],
  ])('stays open where it says so: %s', (_what, schema, right) => {
    expect(fits(schema, right)).toBe(true)
  })

  it('is left as it is, and made once', () => {
    const before = JSON.stringify(voice)
    expect(closedSchema(voice)).toBe(closedSchema(voice))
    expect(JSON.stringify(voice)).toBe(before)
  })
})
