import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileArguments } from '../../src/tools/argument-check.ts'
import { readArguments } from '../../src/tools/read-arguments.ts'
import { toolRig } from './tool-rig.ts'

const parameters = {
  type: 'object',
  properties: {
    size: { type: 'integer', minimum: 1 },
    tags: { type: 'array', items: { type: 'string' } },
    letters: { enum: ['AB', 'Ab'] },
    price: { type: 'number' },
    window: { type: 'boolean' },
    name: { type: 'string', minLength: 1 },
    day: { type: 'string', format: 'date' },
    floor: { enum: [1, 2] },
    kind: { enum: ['in', 'out'] },
    guests: { type: 'array', items: { type: 'object', properties: { age: { type: 'integer' } } } },
    more: { type: ['integer', 'null'] },
    either: { anyOf: [{ type: 'integer' }, { type: 'boolean' }] },
  },
  required: ['size'],
  additionalProperties: false,
}

function check(args: Record<string, unknown>) {
  const compiled = compileArguments(parameters)
  if (!compiled.ok) throw new Error(compiled.reason)
  return compiled.check(args)
}

describe('arguments as models write them', () => {
  it.each<readonly [string, Readonly<Record<string, unknown>>]>([
    ['{"size":4}', { size: 4 }],
    ['"{\\"size\\":4}"', { size: 4 }],
    [JSON.stringify(JSON.stringify('{"size":4}')), { size: 4 }],
    ['```json\n{"size":4}\n```', { size: 4 }],
    ['{"size":4}}', { size: 4 }],
    ['{"size":4}<|im_end|>', { size: 4 }],
    ['{"size":4}\n</tool_call>', { size: 4 }],
    ['{"size":4,}', { size: 4 }],
    ["{'size': 4, 'window': True, 'day': None}", { size: 4, window: true, day: null }],
    ['{size: 4}', { size: 4 }],
    ['{"name":"Dana\nLevi"}', { name: 'Dana Levi' }],
    ['{"name":"Dana\nLevi","id":9007199254740993}', { name: 'Dana Levi', id: '9007199254740993' }],
    ["{'id': 9007199254740993, 'size': 4}", { id: '9007199254740993', size: 4 }],
    ['{"name":"O\\\'Hara"}', { name: "O'Hara" }],
    ['[{"size":4}]', { size: 4 }],
    ['{"0":{"size":4}}', { 0: { size: 4 } }],
    ['{"length":1}', { length: 1 }],
    [`'{"size":4}'`, { size: 4 }],
    ...['', ' ', 'null', '""', '"null"', '[]', 'None', '"{}"'].map((text) => [text, {}] as const),
  ])('%s are read', (text, args) => {
    expect(readArguments(text)).toEqual({ ok: true, args })
  })

  it.each([
    '{"size":',
    '{"size":4',
    '{"size":4 or 5}',
    '{size}',
    '[1]',
    '[null]',
    '[{"size":4},{"size":5}]',
    '{"size":4} or 5',
    "{'size': 4} or 5",
    '4',
    '"four"',
    'true',
    'x'.repeat(70_000),
  ])('%.20s are not', (text) => {
    expect(readArguments(text)).toMatchObject({ ok: false })
  })

  it.each([
    [{ size: '4' }, { size: 4 }],
    [
      { size: ' 4 ', price: '3.50', window: 'True' },
      { size: 4, price: 3.5, window: true },
    ],
    [{ size: '4.0' }, { size: 4 }],
    [
      { size: 4, name: 12 },
      { size: 4, name: '12' },
    ],
    [{ size: 4, name: null, day: '', price: 'null', window: 'none' }, { size: 4 }],
    [
      { size: 4, floor: '2', kind: null },
      { size: 4, floor: 2 },
    ],
    [
      { size: 4, guests: '[{"age":"7"}]' },
      { size: 4, guests: [{ age: 7 }] },
    ],
    [
      { size: 4, guests: [{ age: '7' }, { age: null }] },
      { size: 4, guests: [{ age: 7 }, {}] },
    ],
    [{ size: 4, unknown: null }, { size: 4 }],
    [
      { size: 4, window: 1, tags: 'red' },
      { size: 4, window: true, tags: ['red'] },
    ],
    [
      { size: 4, window: 'no', tags: 'none' },
      { size: 4, window: false },
    ],
    [
      { size: 4, window: 'yes', kind: ' IN ' },
      { size: 4, window: true, kind: 'in' },
    ],
    [
      { size: 4, window: 0, floor: ' 2 ' },
      { size: 4, window: false, floor: 2 },
    ],
    [
      { size: 4, more: null, either: 'true' },
      { size: 4, more: null, either: true },
    ],
  ])('%j fit', (args, want) => {
    const before = structuredClone(args)
    expect(check(args)).toEqual({ ok: true, args: want })
    expect(args).toEqual(before)
  })

  it.each([
    [{ size: 'four' }, 'size must be integer'],
    [{ size: null }, 'size must be integer'],
    [{ size: '4.5' }, 'size must be integer'],
    [{ size: '0' }, 'size must be >= 1'],
    [{ size: '99999999999999999999' }, 'size must be integer'],
    [{ size: 4, kind: 'up' }, 'kind must be one of ["in","out"]'],
    [{ size: 4, letters: 'ab' }, 'letters must be one of ["AB","Ab"]'],
    [{ size: 4, unknown: 1 }, 'must have no argument "unknown"'],
    [{ size: '4', window: 'maybe' }, 'window must be boolean'],
    [{ size: 4, guests: [null] }, 'guests.0 must be object'],
  ])('%j do not', (args, reason) => {
    expect(check(args)).toEqual({ ok: false, reason })
  })

  it('that fit are left alone, and whatever is written is never made into what was not', () => {
    const scalar = fc.oneof(
      fc.string(),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.double({ noNaN: true }),
    )
    const args = fc.dictionary(fc.constantFrom(...Object.keys(parameters.properties)), scalar)
    fc.assert(
      fc.property(args, (given) => {
        const checked = check(given)
        if (!checked.ok) return
        for (const [key, value] of Object.entries(checked.args)) {
          if (typeof value !== 'object') expect(Number(numeric(value))).toEqual(Number(numeric(given[key])))
        }
        expect(Object.keys(given)).toEqual(expect.arrayContaining(Object.keys(checked.args)))
      }),
    )
  })

  it('the whole call in their place are those inside of it, and a tool that takes none takes whatever comes', async () => {
    let got: unknown
    const tools = [
      {
        name: 'book',
        description: 'Books.',
        parameters: { ...parameters, properties: { size: { type: 'integer' } } },
      },
      {
        name: 'send',
        description: 'Sends.',
        parameters: { type: 'object', properties: { input: { type: 'object' } } },
      },
      {
        name: 'leave',
        description: 'Leaves.',
        parameters: { type: 'object', properties: {}, additionalProperties: false },
      },
    ]
    const run = async (_name: string, args: unknown) => ((got = args), 'ok')
    const rig = toolRig({ code: [{ name: 'shop', provider: { tools, run, close: async () => {} } }] })
    for (const round of ['arguments', 'parameters', 'input', 'book']) {
      got = undefined
      await rig.run('book', JSON.stringify({ [round]: { size: '4' } }))
      expect(got).toEqual({ size: 4 })
    }
    await rig.run('book', JSON.stringify({ name: 'book', arguments: { size: 5 } }))
    expect(got).toEqual({ size: 5 })
    expect(await rig.run('book', JSON.stringify({ arguments: { size: 4 }, day: 'today' }))).toMatchObject({
      failed: true,
    })
    expect((await rig.run('book', JSON.stringify({ input: { size: 'x' } }))).content).toContain(
      'must have no argument "input"',
    )
    await rig.run('send', JSON.stringify({ input: { size: 4 } }))
    expect(got).toEqual({ input: { size: 4 } })
    expect(await rig.run('leave', JSON.stringify({ reason: 'They said goodbye.' }))).toEqual({
      content: 'ok',
    })
    expect(got).toEqual({})
  })

  it.each(['functions.look_up', 'default_api:look_up', 'functions.look_up:0', ' "look_up" ', 'look_up()'])(
    '%s is the tool look_up',
    async (name) => {
      const tools = [{ name: 'look_up', description: 'Looks up.', parameters: { type: 'object' } }]
      const code = [{ name: 'shop', provider: { tools, run: async () => 'ok', close: async () => {} } }]
      const { run, counted } = toolRig({ code })
      expect(await run(name)).toEqual({ content: 'ok' })
      expect(counted('look_up', 'ok')).toBe(1)
      expect(await run(`x${name}`)).toMatchObject({ failed: true })
    },
  )
})

/** `true` and "true" are the same. */
function numeric(value: unknown): unknown {
  const text = String(value).trim().toLowerCase()
  return text === 'true' ? 1 : text === 'false' ? 0 : value
}
