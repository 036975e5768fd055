import { describe, expect, it } from 'vitest'
import { parseCoreScalar, substituteEnv } from '../../src/config/source/env-text.ts'

const env = { NAME: 'Noa', EMPTY: '', NESTED: '${NAME}', DOLLAR: '$&$1' }

describe('substituteEnv', () => {
  it.each([
    ['no variable', 'no variable'],
    ['${NAME}', 'Noa'],
    ['Hi ${NAME}, ${NAME}!', 'Hi Noa, Noa!'],
    ['${MISSING:-someone}', 'someone'],
    ['${EMPTY:-someone}', 'someone'],
    ['[${EMPTY}]', '[]'],
    ['${MISSING:-}', ''],
    ['$${NAME}', '${NAME}'],
    ['$${', '${'],
    ['$NAME and $ and {NAME}', '$NAME and $ and {NAME}'],
    ['${NESTED}', '${NAME}'],
    ['${DOLLAR}', '$&$1'],
    ['${MISSING:-a:-b c}', 'a:-b c'],
  ])('makes %s into %s', (source, text) => {
    expect(substituteEnv(source, env)).toMatchObject({ text, faults: [] })
  })

  it('tells each missing variable once, by name', () => {
    const { faults, origin } = substituteEnv('${A} ${B} ${A}', env)
    expect(faults.map(({ message }) => message)).toEqual([
      'environment variable A is not set; set it, or write "${A:-default}"',
      'environment variable B is not set; set it, or write "${B:-default}"',
    ])
    expect(origin?.broken).toBe(true)
  })

  it.each(['${', '${}', '${1A}', '${A-B}', '${A:-${B}', '${NAME:-', '${ NAME }'])('refuses %s', (source) => {
    expect(substituteEnv(source, { ...env, B: 'b' }).faults[0]?.code).toBe('KAV_CONFIG_ENV_SYNTAX')
  })

  it('does not take names from the prototype', () => {
    expect(substituteEnv('${toString}', env).faults).toHaveLength(1)
  })

  it('knows a whole variable from one inside a text', () => {
    expect(substituteEnv('${NAME}', env).origin?.whole).toBe(true)
    expect(substituteEnv('${NAME:-5}', env).origin?.whole).toBe(true)
    expect(substituteEnv('1${NAME}', env).origin?.whole).toBe(false)
    expect(substituteEnv('${NAME}${NAME}', env).origin?.whole).toBe(false)
  })
})

describe('parseCoreScalar', () => {
  it.each([
    ['320', 320],
    ['-1', -1],
    ['010', 10],
    ['0x10', 16],
    ['0o17', 15],
    ['.5', 0.5],
    ['1e3', 1000],
    ['true', true],
    ['FALSE', false],
    ['yes', 'yes'],
    ['off', 'off'],
    ['', ''],
    ['1_000', '1_000'],
    ['0b1', '0b1'],
    [' 1', ' 1'],
  ])('reads %j as %j', (text, value) => {
    expect(parseCoreScalar(text)).toBe(value)
  })
})
