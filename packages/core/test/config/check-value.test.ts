import { Type } from '@sinclair/typebox'
import { describe, expect, it } from 'vitest'
import { checkValue } from '../../src/config/findings/check-value.ts'
import { compileSchema } from '../../src/config/findings/compile-schema.ts'
import { fillDefaults } from '../../src/kit/fill-defaults.ts'
import { isSecretKey } from '../../src/kit/secrets/index.ts'
import { readText } from './read-text.ts'

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

describe('what to write in place of a value of the wrong kind', () => {
  const list = Type.Array(Type.String())
  const map = Type.Object({ a: Type.Optional(Type.Number()) }, closed)

  it.each([
    [Type.Boolean(), 1, 'expected true or false, found 1; write true'],
    [Type.Boolean(), 0, 'expected true or false, found 0; write false'],
    [Type.Boolean(), 2, 'expected true or false, found 2'],
    [Type.Boolean(), 'Yes', 'expected true or false, found "Yes"; write true'],
    [Type.Boolean(), 'none', 'expected true or false, found "none"; write false'],
    [Type.Boolean(), 'true', 'expected true or false, found "true"; remove the quotes'],
    [Type.Boolean(), 'maybe', 'expected true or false, found "maybe"'],
    [Type.String(), 1, 'expected text, found 1; put it in quotes'],
    [Type.String(), [], 'expected text, found a list'],
    [list, {}, 'expected a list, found a map; put "- " before each entry'],
    [list, 'a', 'expected a list, found text; write it as [ … ] or one "- " per line'],
    [list, null, 'expected a list, found nothing; write a value, or remove the key'],
    [map, [], 'expected a map, found a list; write its fields without "- "'],
    [map, null, 'expected a map, found nothing; indent its fields below it, or remove the key'],
    [map, 'a:1', 'expected a map, found text; a field is written "a: …", with a colon and a space'],
    [map, 'none', 'expected a map, found text; its fields stand below it: a'],
    [
      Type.Union([list, Type.Null()]),
      5,
      'expected a list or nothing, found 5; write it as [ … ] or one "- " per line',
    ],
    [
      Type.Union([Type.Integer(), Type.Boolean()]),
      'x',
      'expected a whole number or true or false, found "x"',
    ],
    [Type.Union([Type.Literal('off'), map]), false, 'expected "off" or a map, found false; write off'],
    [
      Type.Union([Type.Literal('off'), map]),
      [],
      'expected "off" or a map, found a list; write its fields without "- "',
    ],
    [
      Type.Union([Type.Literal('off'), Type.Integer({ minimum: 1 })]),
      0,
      '0 is out of range; allowed: at least 1',
    ],
    [Type.Union([Type.Literal('off'), Type.Array(Type.Number())]), ['a'], 'expected a number, found "a"'],
  ])('%#: %j %j', (schema, value, message) => {
    expect(messagesFor(Type.Object({ field: schema }, closed), { field: value })).toEqual([message])
  })
})

describe('a variable that stands alone', () => {
  const schema = Type.Object(
    {
      version: Type.Optional(Type.Literal(1)),
      level: Type.Optional(Type.Unsafe({ enum: [1, 2, 'high'] })),
      port: Type.Optional(Type.Integer({ maximum: 65_535 })),
      gain: Type.Optional(Type.Number()),
      on: Type.Optional(Type.Boolean()),
      either: Type.Optional(Type.Union([Type.Literal('auto'), Type.Integer()])),
      text: Type.Optional(Type.String()),
      list: Type.Optional(Type.Array(Type.Integer())),
    },
    closed,
  )
  const compiled = compileSchema(schema)
  const check = (text: string, variable: string) => {
    const { value, source } = readText(text, { V: variable })
    if (!compiled.ok) throw new Error(compiled.reason)
    const checked = checkValue(schema, compiled.check, value, [], source)
    return { value: checked.value, messages: checked.findings.map(({ message }) => message) }
  }

  it.each([
    ['version: "${V}"', '1', { version: 1 }],
    ['level: "${V}"', '2', { level: 2 }],
    ['level: "${V}"', 'high', { level: 'high' }],
    ['port: "${V}"', '0x1F90', { port: 8080 }],
    ['gain: "${V}"', '-1.5', { gain: -1.5 }],
    ['on: "${V}"', 'true', { on: true }],
    ['either: "${V}"', '20', { either: 20 }],
    ['either: "${V}"', 'auto', { either: 'auto' }],
    ['list: [1, "${V}"]', '2', { list: [1, 2] }],
    ['text: "${V}"', '1', { text: '1' }],
  ])('is what the schema asks for: %s with %s', (text, variable, value) => {
    expect(check(text, variable)).toEqual({ value, messages: [] })
  })

  it.each([
    ['version: "${V}"', '2', 'must be 1, found (from ${V})'],
    ['port: "${V}"', '70000', '(from ${V}) is out of range; allowed: at most 65535'],
    ['port: "${V}"', '1.5', 'expected a whole number, found (from ${V})'],
    ['port: "8${V}"', '080', 'expected a whole number, found (from ${V})'],
    ['on: "${V}"', '1', 'expected true or false, found (from ${V})'],
    ['level: "${V}"', '3', '(from ${V}) is not one of 1, 2, high'],
    ['level: "${V}"', 'hihg', '(from ${V}) is not one of 1, 2, high; did you mean "high"?'],
  ])('is refused as a value of the file would be: %s with %s', (text, variable, message) => {
    expect(check(text, variable).messages).toEqual([message])
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
