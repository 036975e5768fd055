import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSttRig, NETWORK } from './stt-rig.ts'
import { createWordHearing, type Recogniser, sayWords, type SpokenWord } from './word-caller.ts'

/** The detector notices a voice so late, and its end. In frames. */
const ONSET = 3
const HANGOVER = 9

interface Run {
  readonly words: readonly SpokenWord[]
  readonly recogniser: Recogniser
  /** The session that said the final of this number dies so long behind it. */
  readonly deaths: readonly { readonly final: number; readonly afterMs: number }[]
  /** A session is replaced in the first pause from this frame on. */
  readonly rotatesAt?: number | undefined
  /** How long each session takes to open; beyond the list, none. */
  readonly openings?: readonly number[]
  /** In frames. */
  readonly onset?: number
  readonly hasDetector?: boolean
  /** It tells nothing from the beginning, and says so. */
  readonly detectorFails?: boolean
}

/** What was told of a caller who says `words`. */
async function told({
  words,
  recogniser,
  deaths,
  rotatesAt,
  openings = [],
  onset = ONSET,
  hasDetector = true,
  detectorFails = false,
}: Run): Promise<string> {
  const rig = createSttRig({
    hasDetector,
    stt: { session: () => ({ finishMs: 1200 }), opening: (attempt) => ({ afterMs: openings[attempt] ?? 0 }) },
  })
  const hearing = createWordHearing(rig, words, recogniser)
  const replace = (): void => rig.link.useLanguage('he-IL', [rig.instanceOf('stt', 'fake', rig.stt.provider)])
  const isSaid = (frame: number, late = 0, hangover = 0): boolean =>
    words.some(({ from, to }) => from + late <= frame && frame < to + hangover)
  let toCome = [...deaths]
  let replaced = false
  if (detectorFails) rig.link.voiceUnknown()
  rig.link.open()
  const until = words.at(-1)!.to + 400
  for (let frame = 0; frame < until; frame++) {
    if (hasDetector && !detectorFails) rig.detected(isSaid(frame, onset, HANGOVER), HANGOVER * 20)
    if (frame >= (rotatesAt ?? Infinity) && !replaced) {
      replaced = true
      replace()
    }
    await rig.frame(isSaid(frame))
    hearing.listen()
    for (const death of toCome) {
      const final = hearing.finals[death.final]
      if (!final || rig.clock.nowMs() < final.atMs + death.afterMs) continue
      toCome = toCome.filter((other) => other !== death)
      hearing.dies(final.session, NETWORK)
    }
  }
  const texts = rig.texts().filter((text) => text !== '')
  await rig.end()
  return texts.join(' ')
}

const saidBy = (words: readonly SpokenWord[]): string => words.map(({ text }) => text).join(' ')

const word = fc.record({
  pause: fc.oneof(
    { weight: 4, arbitrary: fc.constant(2) },
    { weight: 2, arbitrary: fc.integer({ min: 12, max: 70 }) },
    { weight: 1, arbitrary: fc.integer({ min: 100, max: 200 }) },
  ),
  length: fc.integer({ min: 8, max: 20 }),
})

const recogniser = fc.record({
  lagMs: fc.integer({ min: 20, max: 500 }),
  finalDelayMs: fc.integer({ min: 0, max: 300 }),
  partials: fc.boolean(),
  silenceMs: fc.constantFrom(300, 500),
  maxWords: fc.constantFrom(1, 3, 50),
  end: fc.constantFrom('word' as const, 'silence' as const, 'none' as const),
})

const death = fc.record({
  final: fc.nat(4),
  afterMs: fc.integer({ min: 0, max: 75 }).map((frames) => frames * 20),
})

/** A caller and how their recogniser fails them. */
const badDay = fc.record({
  words: fc.array(word, { minLength: 3, maxLength: 12 }).map(sayWords),
  recogniser,
  deaths: fc.array(death, { minLength: 1, maxLength: 3 }),
  rotatesAt: fc.option(fc.nat(300), { nil: undefined }),
  openings: fc.constantFrom([], [], [0, 2500], [0, 6000, 0, 3000], [3000, 1700]),
})

describe('whenever a session dies', () => {
  it('each word of the caller is told once', async () => {
    await fc.assert(
      fc.asyncProperty(badDay, async (run) => {
        expect(await told(run)).toBe(saidBy(run.words))
      }),
      { numRuns: 60 },
    )
  })

  it('none is lost where no detector tells of voice, or none any more', async () => {
    await fc.assert(
      fc.asyncProperty(badDay, fc.boolean(), async (run, detectorFails) => {
        const detector = { hasDetector: detectorFails, detectorFails }
        const texts = await told({ ...run, ...detector, rotatesAt: undefined })
        const missing = run.words.filter(({ text }) => !texts.split(' ').includes(text))
        expect(missing).toEqual([])
      }),
      { numRuns: 20 },
    )
  })

  it.each(['word', 'silence', 'none'] as const)(
    'words that are said twice are told twice, however near the death (finals that tell their end by: %s)',
    async (end) => {
      const no = { length: 12, text: 'no' }
      const words = sayWords([
        { ...no, pause: 20 },
        { ...no, pause: 24 },
        { ...no, pause: 2 },
        { pause: 40, length: 15, text: 'thanks' },
      ])
      const recogniser = { lagMs: 200, finalDelayMs: 100, partials: true, silenceMs: 300, maxWords: 1, end }
      for (let afterMs = 0; afterMs < 1000; afterMs += 60) {
        for (const final of [0, 1]) {
          expect(await told({ words, recogniser, deaths: [{ final, afterMs }] })).toBe('no no no thanks')
        }
      }
    },
  )

  it.each([
    ['the first of the call', []],
    ['one after a pause', [{ pause: 20, length: 12, text: 'hello' }]],
  ])('no word is cut that begins as a session takes over: %s', async (_which, before) => {
    const words = sayWords([...before, ...['one', 'two'].map((text) => ({ pause: 60, length: 12, text }))])
    const recogniser = {
      lagMs: 20,
      finalDelayMs: 0,
      partials: false,
      silenceMs: 300,
      maxWords: 50,
      end: 'word',
    } as const
    const { from } = words[before.length]!
    const onset = 5
    // From before its beginning until behind where the detector notices it.
    for (let rotatesAt = from - 3; rotatesAt <= from + onset + 2; rotatesAt++)
      expect([rotatesAt, await told({ words, recogniser, deaths: [], rotatesAt, onset })]).toEqual([
        rotatesAt,
        saidBy(words),
      ])
  })
})
