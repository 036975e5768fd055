import { describe, expect, it } from 'vitest'
import { compileArguments } from '../../src/tools/argument-check.ts'
import { MAX_MATCHED_CHARACTERS } from '../../src/tools/linear-patterns.ts'

function checkOf(schema: Record<string, unknown>) {
  const compiled = compileArguments({ type: 'object', properties: { text: { type: 'string', ...schema } } })
  if (!compiled.ok) throw new Error(compiled.reason)
  return (text: string) => {
    const checked = compiled.check({ text })
    return checked.ok ? undefined : checked.reason
  }
}

describe('a format', () => {
  it.each([
    [
      'email',
      ['a@b.c', 'first.last+x@mail.example.co.uk'],
      ['a@b', '@b.c', 'a@', 'a@b.', 'a@.c', 'a b@c.d', 'a@b@c.d'],
    ],
    ['date', ['2026-11-28'], ['28.11.2026']],
    ['time', ['09:30', '09:30:00.5Z'], ['9:30']],
    ['date-time', ['2026-11-28T09:30', '2026-11-28 09:30:00+02:00'], ['2026-11-28']],
    ['uuid', ['0b8f5d2c-0000-4000-8000-0123456789ab'], ['0b8f5d2c']],
    ['uri', ['https://example.com/x'], ['example']],
  ])('%s takes what it did', (format, good, bad) => {
    const check = checkOf({ format })
    for (const text of good) expect(check(text)).toBeUndefined()
    for (const text of bad) expect(check(text)).toContain('must match format')
  })
})

describe('a pattern of the operator', () => {
  it.each([
    ['^[A-Z]{2}\\d{4}$', 'AB1234', 'AB123'],
    ['^[\\u0590-\\u05ff ]+$', 'שלום', 'hello'],
    ['^\\p{L}+$', 'Grüße', '1'],
    ['(?<year>\\d{4})', 'in 2026', 'in 26'],
    ['\\/api\\/', 'x/api/y', 'x'],
  ])('%s works', (pattern, good, bad) => {
    expect(checkOf({ pattern })(good)).toBeUndefined()
    expect(checkOf({ pattern })(bad)).toContain('must match pattern')
  })

  it.each(['^(a+)+$', '^(\\s*a)*$', '^(.*)*,$', '^([^@]+@)+$'])('%s takes linear time', (pattern) => {
    // On the engine of JavaScript this test would not end.
    expect(checkOf({ pattern })(`${'a'.repeat(2000)}!`)).toContain('must match pattern')
  })

  it.each(['^(?!x)', '(?<=x)y', '(a)\\1', '('])('%s is a fault of the pipeline file', (pattern) => {
    expect(() => checkOf({ pattern })).toThrow(`the pattern ${JSON.stringify(pattern)} cannot be used`)
  })

  it('names of arguments are matched the same way', () => {
    const compiled = compileArguments({ type: 'object', patternProperties: { '(a)\\1': {} } })
    expect(compiled.ok).toBe(false)
  })

  it('does not fit a text beyond the bound', () => {
    const check = checkOf({ pattern: '^a+$' })
    expect(check('a'.repeat(MAX_MATCHED_CHARACTERS))).toBeUndefined()
    expect(check('a'.repeat(MAX_MATCHED_CHARACTERS + 1))).toContain('must match pattern')
  })
})
