import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { capHints } from '../../../src/pipeline/hearing/cap-hints.ts'
import { createCallRig } from '../call-rig.ts'

const HINTS = ['Kav', 'a phrase that is long', 'ground floor', 'Dana']

describe('hints that a recogniser takes', () => {
  it.each([
    ['no caps', undefined, HINTS],
    ['caps that all fit in', { maxPhrases: 4, maxPhraseChars: 21, maxChars: 40 }, HINTS],
    ['so many phrases', { maxPhrases: 2 }, ['Kav', 'a phrase that is long']],
    ['phrases so long', { maxPhraseChars: 12 }, ['Kav', 'ground floor', 'Dana']],
    ['so many characters', { maxChars: 16 }, ['Kav', 'ground floor']],
    ['none at all', { maxPhrases: 0 }, []],
  ])('are, with %s, the first that fit', (_caps, caps, kept) => {
    expect(capHints(HINTS, caps)).toEqual(kept)
  })

  it('are whole, in order, and within every cap, for any hints', () => {
    const size = fc.option(fc.nat(30), { nil: undefined })
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 12 })), size, size, size, (hints, phrases, each, all) => {
        const kept = capHints(hints, {
          ...(phrases !== undefined && { maxPhrases: phrases }),
          ...(each !== undefined && { maxPhraseChars: each }),
          ...(all !== undefined && { maxChars: all }),
        })
        let at = 0
        for (const hint of kept) {
          at = hints.indexOf(hint, at) + 1
          expect(at).toBeGreaterThan(0)
          expect(hint.length).toBeLessThanOrEqual(each ?? Infinity)
        }
        expect(kept.length).toBeLessThanOrEqual(phrases ?? Infinity)
        expect(kept.join('').length).toBeLessThanOrEqual(all ?? Infinity)
      }),
    )
  })

  it('are cut for each recogniser by its own caps, the llm’s behind the pipeline’s, and counted', async () => {
    const rig = createCallRig({
      settings: { conversation: { greeting: '', hints: ['Kav', 'Dana'] } },
      stt: { hintCaps: { maxPhrases: 1 }, opening: { error: new Error('down') } },
      fallbackStt: { hintCaps: { maxPhrases: 3 } },
      llm: { hints: ['table', 'window'] },
    })
    rig.start()
    await rig.silence(5000)
    expect(rig.stt.attempts[0]!.options.hints).toEqual(['Kav'])
    expect(rig.fallback!.attempts[0]!.options.hints).toEqual(['Kav', 'Dana', 'table'])
    expect(rig.of('amount_cut').map(({ fields }) => fields['what'])).toEqual(['hints'])
    expect(rig.metrics.value('amounts_cut_total', { what: 'hints' })).toBeGreaterThan(1)
    await rig.end()
  })
})
