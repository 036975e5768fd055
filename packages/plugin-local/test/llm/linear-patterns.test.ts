import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkScript } from '../../src/llm/check-script.ts'
import { createMatcher, type Matcher } from '../../src/llm/matcher.ts'
import type { Script } from '../../src/llm/script-schema.ts'
import { compileSlots } from '../../src/llm/slots.ts'

const script = (pattern: string) =>
  ({
    version: 1,
    intents: [{ name: 'one', patterns: [pattern], replies: 'Yes.' }],
    fallbacks: ['What?'],
  }) as unknown as Script
const matcher = (pattern: string): Matcher => createMatcher(script(pattern), compileSlots({}), 0.5)

describe('a pattern of a script', () => {
  it.each(['^(a+)+$', '^(\\s*a)*$', '^(.*)*,$', '^(\\w+\\s?)*$', '^(?<all>(a|aa)+)$'])(
    '%s takes linear time of what the caller says',
    (pattern) => {
      // On the engine of JavaScript this test would not end.
      expect(matcher(pattern)(`${'a'.repeat(2000)} b,`)?.intent.name ?? 'none').toMatch(/one|none/)
    },
  )

  it.each(['(?=x)y', '(?<!x)y', '(a)\\1', 'a{2000}'])('%s is a problem of the script', (pattern) => {
    expect(checkScript(script(pattern))).toMatchObject([
      { path: ['intents', 0, 'patterns', 0], message: expect.stringContaining('cannot be used') as string },
    ])
  })

  it('finds what it found in JavaScript', () => {
    const part = fc.constantFrom(
      'red',
      'RED',
      'b?',
      '[aeiou]',
      '\\w+',
      '(?<it>blue|green)',
      '.*',
      '\\b',
      '\\s',
      '$',
      '^',
    )
    const words = fc.array(fc.constantFrom('red', 'blue', 'green', 'a', 'b', 'it’s', 'שלום'), {
      maxLength: 6,
    })
    fc.assert(
      fc.property(fc.uniqueArray(part, { minLength: 1, maxLength: 5 }), words, (parts, said) => {
        const pattern = parts.join('')
        const found = new RegExp(pattern, 'iu').exec(said.join(' ').replaceAll('’', "'"))
        const match = matcher(pattern)(said.join(' '))
        expect(match !== undefined).toBe(found !== null)
        expect(match?.slots.get('it')).toBe(found?.groups?.['it'])
      }),
      { numRuns: 500 },
    )
  })
})
