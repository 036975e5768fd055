import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LAST_WORDS_LIMIT_MS } from '../../../src/pipeline/hearing/hearing-link.ts'
import type { FakeSttSessionScript } from '../../../src/testing/index.ts'
import { createSttRig, NETWORK, numbers, range } from './stt-rig.ts'

type Rig = ReturnType<typeof createSttRig>

const firstFrame = (audio: Uint8Array): string =>
  `from ${numbers({ audio: () => audio } as Parameters<typeof numbers>[0])[0]}`
const hears: FakeSttSessionScript = { hears: firstFrame }

/** The session that hears now dies of being asked for its last words. */
function diesOfFinish({ live }: Rig): void {
  const last = live()
  last.session.finish = () => last.fail(NETWORK)
}

/** The caller hangs up. Returns how long their last words were waited for. */
async function hangUp(rig: Rig): Promise<number> {
  const fromMs = rig.clock.nowMs()
  await rig.end()
  return rig.closingAtMs - fromMs
}

describe('the last words of a caller who hangs up', () => {
  it('are heard by the next session where the last one dies of being asked for them', async () => {
    const rig = createSttRig({ stt: { session: (index) => (index === 0 ? {} : hears) } })
    rig.link.open()
    await rig.speak(1200)
    diesOfFinish(rig)
    await hangUp(rig)
    expect(rig.texts()).toEqual(['from 0'])
    expect(rig.of('stt_lost')).toHaveLength(1)
    expect(rig.time.pending()).toBe(0)
  })

  it('are not asked for again where none were owed', async () => {
    const rig = createSttRig({ stt: { session: (index) => (index === 0 ? {} : hears) } })
    rig.link.open()
    await rig.speak(1200)
    await rig.silence(400)
    rig.live().emit({ type: 'final', text: 'all', endMs: 1200 })
    await rig.silence(400)
    diesOfFinish(rig)
    expect(await hangUp(rig)).toBeLessThan(200)
    expect(rig.texts()).toEqual(['all'])
    expect(rig.stt.sessions).toHaveLength(1)
    expect(rig.of('stt_lost')).toEqual([])
  })

  it('are heard utterance by utterance where no session opens any more', async () => {
    let down = false
    const rig = createSttRig({
      stt: { opening: () => (down ? { error: NETWORK } : {}), recognize: firstFrame },
    })
    rig.link.open()
    await rig.speak(1200)
    down = true
    diesOfFinish(rig)
    await hangUp(rig)
    expect(rig.texts()).toEqual(['from 0'])
  })

  it('are not waited for without end: of one that says nothing, of many that die', async () => {
    const silent = createSttRig({ stt: { session: () => ({ finishMs: Infinity }) } })
    silent.link.open()
    await silent.speak(1200)
    expect(await hangUp(silent)).toBeLessThanOrEqual(2100)

    const dying = createSttRig({ stt: { session: () => ({ diesAtMs: 1000 }) } })
    dying.link.open()
    await dying.speak(900)
    await dying.speak(200)
    expect(await hangUp(dying)).toBeLessThanOrEqual(3600)
    expect(dying.time.pending()).toBe(0)
  })

  it('are all of what waited for a session that opened late', async () => {
    const rig = createSttRig({ stt: { opening: { afterMs: 2500 }, ...hears } })
    rig.link.open()
    await rig.speak(2400)
    await hangUp(rig)
    expect(rig.texts()).toEqual(['from 0'])
    expect(numbers(rig.live())).toEqual(range(0, rig.frames))
  })
})

/** Settings of a rig that catches up so quickly. */
const catchingUp = (catchupRate: number, batchMs = 20) => ({
  rxQueue: { maxFrames: 200, catchupRate, resyncMs: 40 },
  stt: { batchMs, partialDebounceMs: 90, timeoutMs: 320, vadHangoverMs: 180 },
})
const toldUnheard = (rig: Rig) => rig.of('stt_last_words_unheard').map(({ fields }) => fields)

describe('a backlog at the hang-up', () => {
  it('is heard to its end, whatever it is within the ring: every frame in order, told once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          spokenMs: fc.integer({ min: 25, max: 1900 }).map((frames) => frames * 20),
          /** The session dies so long before the hang-up, or of being asked for its last words. */
          diesBeforeMs: fc.option(fc.integer({ min: 1, max: 125 }).map((frames) => frames * 20)),
          opensAfterMs: fc.integer({ min: 0, max: 2400 }),
          catchupRate: fc.constantFrom(2, 4, 10),
          batchMs: fc.constantFrom(20, 40, 100),
        }),
        async ({ spokenMs, diesBeforeMs, opensAfterMs, catchupRate, batchMs }) => {
          const rig = createSttRig({
            settings: catchingUp(catchupRate, batchMs),
            stt: {
              opening: (attempt) => ({ afterMs: attempt === 0 ? 0 : opensAfterMs }),
              session: (index) => (index === 0 ? {} : hears),
            },
          })
          rig.link.open()
          if (diesBeforeMs === null) {
            await rig.speak(spokenMs)
            diesOfFinish(rig)
          } else {
            await rig.speak(Math.max(500, spokenMs - diesBeforeMs))
            rig.live().fail(NETWORK)
            await rig.speak(diesBeforeMs)
          }
          expect(await hangUp(rig)).toBeLessThanOrEqual(LAST_WORDS_LIMIT_MS)
          expect(rig.texts()).toEqual(['from 0'])
          expect(numbers(rig.live())).toEqual(range(0, rig.frames))
          expect(rig.audio.stats).toMatchObject({ unheardFrames: 0, unansweredBytes: 0, droppedFrames: 0 })
          expect(toldUnheard(rig)).toEqual([])
          expect(rig.time.pending()).toBe(0)
        },
      ),
      {
        numRuns: 40,
        endOnFailure: true,
        examples: [
          // Another session is opening as the one dies that was asked for its last words.
          [{ spokenMs: 5140, diesBeforeMs: null, opensAfterMs: 1066, catchupRate: 10, batchMs: 40 }],
          // The one that dies had to read for longer than is looked for the next.
          [{ spokenMs: 7220, diesBeforeMs: null, opensAfterMs: 1253, catchupRate: 2, batchMs: 100 }],
        ],
      },
    )
  }, 60_000)

  it('that takes longer than the limit is told, and counted', async () => {
    const rig = createSttRig({
      settings: catchingUp(1),
      stt: { session: (index) => (index === 0 ? {} : hears) },
    })
    rig.link.open()
    await rig.speak(38_000)
    diesOfFinish(rig)
    expect(await hangUp(rig)).toBeLessThanOrEqual(LAST_WORDS_LIMIT_MS + 20)
    const unread = rig.frames - numbers(rig.live()).length
    expect(unread).toBeGreaterThan(700)
    expect(toldUnheard(rig)).toEqual([
      { waited_ms: expect.closeTo(LAST_WORDS_LIMIT_MS, -2) as number, unread_ms: unread * 20 },
    ])
    expect(rig.audio.stats).toMatchObject({ unheardFrames: 0, unansweredBytes: unread * 160 })
  })

  it('that no session comes for is told, and counted as heard by none', async () => {
    const rig = createSttRig({ stt: { opening: { afterMs: Infinity } } })
    rig.link.open()
    await rig.speak(1200)
    expect(await hangUp(rig)).toBeLessThanOrEqual(3520)
    expect(toldUnheard(rig)).toEqual([{ waited_ms: 3500, unread_ms: 1200 }])
    expect(rig.audio.stats).toMatchObject({ unheardFrames: 60, droppedFrames: 0, givenBytes: 0 })
  })

  it('of a recogniser that has it all, and says nothing more, is told', async () => {
    const rig = createSttRig({ stt: { session: () => ({ finishMs: Infinity }) } })
    rig.link.open()
    await rig.speak(1200)
    await hangUp(rig)
    expect(toldUnheard(rig)).toEqual([{ waited_ms: 2000, unread_ms: 0 }])
  })

  it.each([
    ['no detector is there to', false],
    ['the detector has failed to', true],
  ])('is waited for where %s tell of voice: there may be words in it', async (_why, hasDetector) => {
    const rig = createSttRig({ hasDetector, stt: { opening: { afterMs: 2500 }, ...hears } })
    if (hasDetector) rig.link.voiceUnknown()
    rig.link.open()
    for (let at = 0; at < 1200; at += 20) await rig.frame(true)
    await hangUp(rig)
    expect(rig.texts()).toEqual(['from 0'])
    expect(numbers(rig.live())).toEqual(range(0, rig.frames))
  })

  it('of silence is not waited for', async () => {
    const rig = createSttRig({
      stt: {
        opening: (attempt) => ({ afterMs: attempt === 0 ? 0 : 2900 }),
        session: () => ({ finishMs: Infinity }),
      },
    })
    rig.link.open()
    await rig.speak(1200)
    await rig.silence(400)
    rig.live().emit({ type: 'final', text: 'all', endMs: 1200 })
    rig.live().fail(NETWORK)
    await rig.silence(3000)
    expect(rig.stt.sessions).toHaveLength(2)
    expect(await hangUp(rig)).toBeLessThanOrEqual(2020)
    expect(toldUnheard(rig)).toEqual([])
    // What was left of it unread is none either.
    expect(rig.audio.stats).toMatchObject({ unheardFrames: 0, unansweredBytes: 0 })
  })

  it('is not waited for longer where one session after the other dies: looking for them has its bound', async () => {
    const rig = createSttRig({
      stt: {
        opening: (attempt) => ({ afterMs: attempt === 0 ? 0 : 900 }),
        session: () => ({ finishMs: Infinity }),
      },
    })
    rig.link.open()
    await rig.speak(1200)
    rig.live().fail(NETWORK)
    // Old enough to be no failed try.
    const die = (): void => {
      const { closed, openedAtMs, fail } = rig.live()
      if (!closed && rig.clock.nowMs() - openedAtMs > 1100) fail(NETWORK)
      rig.clock.after(20, die)
    }
    die()
    const waitedMs = await hangUp(rig)
    expect(rig.stt.sessions.length).toBeGreaterThan(2)
    expect(waitedMs).toBeLessThan(9000)
    expect(toldUnheard(rig)).toHaveLength(1)
  })
})
