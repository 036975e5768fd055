import { describe, expect, it } from 'vitest'
import { createSecretMask, showValue } from '../../src/config/findings/show-value.ts'
import { readText } from './read-text.ts'

describe('a value in a message', () => {
  it.each([
    ['text', '"text"'],
    ['"a\\nb"', '"a\\nb"'],
    ['""', '""'],
    ['', 'nothing'],
    ['~', 'nothing'],
    ['{ a: 1 }', 'a map'],
    ['[1]', 'a list'],
    ['true', 'true'],
    ['+4930', '+4930'],
    ['0123', '0123'],
    ['1e999', '1e999'],
    ['"${NAME}"', '(from ${NAME})'],
    ['"a${NAME}${OTHER}"', '(from ${NAME}, ${OTHER})'],
    ['sk-proj-abcdefghij1234567890XYZ', '(hidden)'],
  ])('%s is shown as %s', (written, shown) => {
    const { value, source } = readText(`a: ${written}`, { NAME: 'dana', OTHER: 'x' })
    expect(showValue((value as { a: unknown }).a, ['a'], source)).toBe(shown)
  })

  it.each(['abc', '12345', 'true', '1.5'])('is hidden below the name of a secret: %s', (written) => {
    const { value, source } = readText(`auth_tokens: [${written}]`)
    const [first] = (value as { auth_tokens: readonly unknown[] }).auth_tokens
    expect(showValue(first, ['auth_tokens', 0], source)).toBe('(hidden)')
  })

  it.each([
    [Number.NaN, '.nan'],
    [Number.POSITIVE_INFINITY, '.inf'],
    [Number.NEGATIVE_INFINITY, '-.inf'],
    [1.5, '1.5'],
    [false, 'false'],
  ])('is written as YAML has it where it stands nowhere: %s', (value, shown) => {
    expect(showValue(value, ['a'], readText('b: 1').source)).toBe(shown)
  })
})

describe('the words of others', () => {
  const { value, source } = readText(
    'llm: { params: { api_key: plain-secret-000001, model: "${MODEL}", base: ["${HOST}"], on: "${ON}" } }',
    { MODEL: 'house', HOST: 'house-of-cards', ON: 'yes' },
  )
  const { own, foreign } = createSecretMask(value, source)

  it('show neither a secret of the file nor a value of the environment', () => {
    expect(foreign('refused plain-secret-000001 of "house-of-cards", house and yes')).toBe(
      'refused (hidden) of (from ${HOST}), (from ${MODEL}) and yes',
    )
  })

  it('show none that is written in quotes there', () => {
    const odd = '\\bDana "D"\\b('
    const read = readText('redact: "${ODD}"', { ODD: odd })
    const mask = createSecretMask(read.value, read.source)
    for (const said of [odd, JSON.stringify(odd), JSON.stringify([`so ${odd}`])])
      expect(mask.foreign(`no pattern: ${said}`)).not.toContain('Dana')
  })

  it('are Kav’s own without secrets, and with what it says of the environment', () => {
    expect(own('"plain-secret-000001" of house')).toBe('(hidden) of house')
  })
})
