import { Type } from '@sinclair/typebox'
import { describe, expect, it } from 'vitest'
import { checkValue } from '../../src/config/findings/check-value.ts'
import { compileSchema } from '../../src/config/findings/compile-schema.ts'
import { fillDefaults } from '../../src/kit/fill-defaults.ts'
import { isSecretKey } from '../../src/kit/secrets/index.ts'

const SOURCE = { keyOffset: 0, valueOffset: 0, children: new Map() }
const closed = { additionalProperties: false }

function messagesFor(schema: object, value: unknown): string[] {
  const compiled = compileSchema(schema)
  if (!compiled.ok) throw new Error(compiled.reason)
  return checkValue(schema, compiled.check, value, [], SOURCE).findings.map(({ message }) => message)
}

describe('the schema of somebody else', () => {
  it('is checked in linear time, whatever its pattern is', () => {
    const params = Type.Object({ a: Type.String({ pattern: '^(a+)+$' }) }, closed)
    const compiled = compileSchema(params, true)
    const checked = (a: string) => compiled.ok && compiled.check({ a }).map(({ keyword }) => keyword)
    // A back-tracking engine is at it for longer than there is time.
    expect(checked(`${'a'.repeat(100_000)}!`)).toEqual(['pattern'])
    expect(checked('a'.repeat(100_000))).toEqual([])
  })
})

it('a field may be called as what every object has', () => {
  const schema = Type.Object({ constructor: Type.Optional(Type.String()), toString: Type.Number() }, closed)
  expect(messagesFor(schema, { toString: 1 })).toEqual([])
  expect(messagesFor(schema, { constructor: 1 })).toEqual([
    'missing required field "toString"',
    'expected text, found 1; put it in quotes',
  ])
})

it('a default that its own schema does not allow is nobody’s who wrote the file', () => {
  const wait = Type.Integer({ minimum: 0, maximum: 10, default: 30 })
  const schema = Type.Object({ wait, retry: Type.Object({ wait }, { ...closed, default: {} }) }, closed)
  const blamed = /is out of range.*; that is the default of the schema itself, which does not allow it/
  expect(messagesFor(schema, {})).toEqual([expect.stringMatching(blamed), expect.stringMatching(blamed)])
  expect(messagesFor(schema, { wait: 30, retry: { wait: 1 } })).toEqual([
    expect.not.stringContaining('the default of the schema'),
  ])
})

describe('fillDefaults', () => {
  it('fills nested maps, list entries and the branch that is meant, and changes nothing it was handed', () => {
    const schema = Type.Object({
      retry: Type.Object({ tries: Type.Integer({ default: 3 }) }, { default: {} }),
      hosts: Type.Array(Type.Object({ name: Type.String(), port: Type.Integer({ default: 443 }) })),
      voice: Type.Union([
        Type.Literal('default'),
        Type.Object({ type: Type.Literal('named'), rate: Type.Number({ default: 1 }) }),
        Type.Object({ type: Type.Literal('cloned'), gain: Type.Number({ default: 2 }) }),
      ]),
      absent: Type.Optional(Type.Object({ x: Type.Number({ default: 1 }) })),
    })
    const value = Object.freeze({
      hosts: [Object.freeze({ name: 'a' })],
      voice: Object.freeze({ type: 'cloned' }),
    })
    expect(fillDefaults(schema, value)).toEqual({
      retry: { tries: 3 },
      hosts: [{ name: 'a', port: 443 }],
      voice: { type: 'cloned', gain: 2 },
    })
  })
})

describe('checkValue', () => {
  it('says one thing about a value that fits none of several alternatives', () => {
    const voice = Type.Union([
      Type.Literal('default'),
      Type.Object({ type: Type.Literal('named'), name: Type.String() }, closed),
      Type.Object({ type: Type.Literal('cloned'), sample: Type.String() }, closed),
    ])
    const schema = Type.Object({ voice }, closed)
    expect(messagesFor(schema, { voice: { type: 'cloned', smaple: 'x' } })).toEqual([
      'missing required field "sample"',
      'unknown field "smaple"; did you mean "sample"?',
    ])
    expect(messagesFor(schema, { voice: 'defualt' })).toEqual([
      'expected "default" or a map, found "defualt"; did you mean "default"?',
    ])
    expect(messagesFor(schema, { voice: 7 })).toEqual(['expected "default" or a map, found 7'])
  })

  it('lists the fields of joined maps', () => {
    const schema = Type.Intersect(
      [Type.Object({ region: Type.String() }), Type.Object({ key: Type.String() })],
      {
        unevaluatedProperties: false,
      },
    )
    expect(messagesFor(schema, { region: 'a', key: 'b', regoin: 'c' })).toEqual([
      'unknown field "regoin"; did you mean "region"?',
    ])
  })

  it('tells a list or a text that is too long or too short', () => {
    const schema = Type.Object({
      list: Type.Array(Type.String(), { minItems: 1 }),
      map: Type.Record(Type.String(), Type.Number(), { minProperties: 1 }),
      text: Type.String({ minLength: 3 }),
    })
    expect(messagesFor(schema, { list: [], map: {}, text: 'a' })).toEqual([
      'the list must not be empty',
      'the map has too few fields; at least 1',
      '"a" is too short; at least 3 characters',
    ])
  })

  it('refuses a schema that is no schema, with a reason', () => {
    expect(compileSchema({ type: 'object', properties: { a: { typ: 'string' } } })).toMatchObject({
      ok: false,
      reason: expect.stringContaining('unknown keyword: "typ"') as string,
    })
  })
})

describe('isSecretKey', () => {
  it.each([
    'api_key',
    'apiKey',
    'API-KEY',
    'key',
    'keys',
    'auth_token',
    'token',
    'password',
    'db_password',
    'api_key_2',
  ])('hides %s', (key) => expect(isSecretKey(key)).toBe(true))
  it.each([
    'client_secret',
    'credentials',
    'private_key',
    'secret_access_key',
    'authorization',
    'access_tokens',
    'pwd',
  ])('hides %s', (key) => expect(isSecretKey(key)).toBe(true))
  it.each(['max_tokens', 'first_token_timeout_ms', 'language', 'keyboard', 'monkey', 'region', 'model'])(
    'shows %s',
    (key) => expect(isSecretKey(key)).toBe(false),
  )
})
