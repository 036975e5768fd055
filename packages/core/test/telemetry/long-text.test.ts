import { describe, expect, it } from 'vitest'
import { rig } from './redactor-rig.ts'

const MAIL = 'jonathan.livingston@example.com'

/** How a text of a tool comes out: as what it was called with, as its result, and as one that came late. */
function told(text: string, settings: Parameters<typeof rig>[0] = {}): readonly string[] {
  const { telemetry, events } = rig(settings)
  const called = { turn: 1, tool: 'find' }
  telemetry.toolCalled(called, text)({ content: text })
  telemetry.toolLate({ ...called, failed: false }, text)
  return events.map(({ private: hidden }) => String(hidden['arguments'] ?? hidden['result']))
}

describe('a long text of a tool', () => {
  it('is told in part, and no character is halved', () => {
    expect(told('a'.repeat(2000))[0]).toBe('a'.repeat(2000))
    // All of it was looked at.
    expect(told('a'.repeat(2100))[0]).toBe(`${'a'.repeat(1999)}…`)
    const [asked, ...results] = told('a'.repeat(4000))
    expect(asked).toBe(`${'a'.repeat(1999)}…`)
    expect(results).toEqual(['a'.repeat(4000), 'a'.repeat(4000)])
    expect(told('a'.repeat(20_000)).map(({ length }) => length)).toEqual([2000, 4000, 4000])
    for (const one of told('😀'.repeat(3000))) expect(one).toMatch(/^(😀)+…$/u)
  })

  it('is cut when what is private is out of it', () => {
    for (const limit of [2000, 4000])
      for (const behind of ['', ' and more'.repeat(300)])
        for (let before = limit - MAIL.length - 2; before <= limit; before++)
          for (const one of told(`${'x'.repeat(before)} ${MAIL}${behind}`, { emails: true }))
            expect(one).not.toContain('jona')
  })

  it('shows no half of something private where there is much of it', () => {
    for (let before = 0; before < MAIL.length; before++)
      for (const one of told(`${'x'.repeat(before)} ${`${MAIL} `.repeat(300)}`, { emails: true })) {
        expect(one).toContain('[email] [email]')
        expect(one).not.toContain('jona')
      }
  })
})
