import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RING_MS } from '../../../src/pipeline/hearing/caller-audio.ts'
import { createSttRig, NETWORK, numbers, range } from './stt-rig.ts'

/** A provider that has a day: how each of its sessions opens, how long it lives, and how often it says a final. */
const fate = fc.record({
  opensAfterMs: fc.integer({ min: 0, max: 4000 }),
  livesMs: fc.integer({ min: 1200, max: 20_000 }),
  /** A final after so much audio of this session; none before: a monologue. */
  finalEveryMs: fc.integer({ min: 800, max: 30_000 }),
})

const MONOLOGUE_MS = 20_000

describe('whatever a provider does within the 40 s of the ring', () => {
  it('every frame reaches a session in order, and is acknowledged as text exactly once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fate, { minLength: 1, maxLength: 4 }),
        fc.constantFrom(20, 40, 100),
        fc.constantFrom(2, 4, 10),
        async (fates, batchMs, catchupRate) => {
          // Session and opening beyond the list: a good day.
          const of = (index: number) =>
            fates[index] ?? { opensAfterMs: 0, livesMs: Infinity, finalEveryMs: 1000 }
          const rig = createSttRig({
            settings: {
              rxQueue: { maxFrames: 200, catchupRate, resyncMs: 40 },
              stt: { batchMs, partialDebounceMs: 90, timeoutMs: 320, vadHangoverMs: 180 },
            },
            stt: { opening: (attempt) => ({ afterMs: of(attempt).opensAfterMs }) },
          })
          rig.link.open()
          /** Bytes that finals have answered, as `[from, to)` of the call's audio, by what each session was given. */
          const answered: [number, number][] = []
          const toldMs: number[] = []
          /** The number of the first frame that each session was given. */
          const firsts: number[] = []
          function live(): void {
            for (const [index, session] of rig.stt.sessions.entries()) {
              if (session.writtenMs > 0) firsts[index] ??= numbers(session)[0]!
              const first = firsts[index]
              if (session.closed || session.finished || first === undefined) continue
              const told = toldMs[index] ?? 0
              if (rig.clock.nowMs() - session.openedAtMs > of(index).livesMs) session.fail(NETWORK)
              else if (session.writtenMs - told >= of(index).finalEveryMs) {
                const endMs = Math.floor(session.writtenMs / 20) * 20
                session.emit({ type: 'final', text: `${first}`, endMs })
                answered.push([first + told / 20, first + endMs / 20])
                toldMs[index] = endMs
              } else session.emit({ type: 'partial', text: 'so' })
            }
          }
          let owedMs = 0
          // A monologue; then the last session hears all that is owed, at the catch-up rate.
          for (let at = 0; at < 75_000; at += 200) {
            await (at < MONOLOGUE_MS ? rig.speak(200) : rig.silence(200))
            live()
            owedMs = Math.max(owedMs, rig.frames * 20 - 20 * (answered.at(-1)?.[1] ?? 0))
            // Silence that was answered in full is not kept.
            if (at >= MONOLOGUE_MS && (answered.at(-1)?.[1] ?? 0) * 20 >= MONOLOGUE_MS) break
          }
          const last = rig.live()
          const from = numbers(last)[0]! + (toldMs[rig.stt.sessions.length - 1] ?? 0) / 20
          await rig.end()
          fc.pre(owedMs < RING_MS - 1000)
          expect(rig.audio.stats.droppedFrames).toBe(0)
          expect(rig.audio.stats.unansweredBytes).toBe(0)
          // Each session heard its stretch whole and in order.
          for (const session of rig.stt.sessions) {
            const heard = numbers(session)
            if (heard.length > 0) expect(heard).toEqual(range(heard[0]!, heard[0]! + heard.length))
          }
          // The answered stretches follow one another without gap or overlap, up to what the last one still owes.
          let next = 0
          for (const [start, end] of answered) {
            expect(start).toBe(next)
            next = end
          }
          expect(from).toBe(next)
          expect(next * 20).toBeGreaterThanOrEqual(MONOLOGUE_MS)
        },
      ),
      { numRuns: 20, endOnFailure: true },
    )
  }, 60_000)

  it('what exceeds it is counted: every frame was given to a session, or is in the figures', async () => {
    for (const deadForMs of [3000, 9000, 30_000, 70_000]) {
      let down = true
      const rig = createSttRig({ stt: { opening: () => (down ? { error: NETWORK } : {}) } })
      rig.link.open()
      for (let at = 0; at < deadForMs; at += 1000)
        await (at % 3000 === 0 ? rig.speak(1000) : rig.silence(1000))
      down = false
      await rig.silence(40_000)
      await rig.end()
      const given = new Set(rig.stt.sessions.flatMap(numbers))
      expect(given.size + rig.audio.stats.droppedFrames).toBe(rig.frames)
    }
  })

  it('an outage in mid-call costs nothing that the ring can hold', async () => {
    for (const deadForMs of [3000, 20_000, 33_000, 45_000]) {
      let down = false
      const rig = createSttRig({ stt: { opening: () => (down ? { error: NETWORK } : {}) } })
      rig.link.open()
      await rig.speak(4000)
      rig.live().emit({ type: 'final', text: 'hello', endMs: 3000 })
      down = true
      await rig.speak(1000)
      rig.live().fail(NETWORK)
      await rig.speak(deadForMs)
      down = false
      while (rig.stt.sessions.length === 1) await rig.silence(20)
      const lost = rig.audio.stats.droppedFrames + Math.ceil(rig.audio.stats.unansweredBytes / 160)
      await rig.silence(40_000)
      await rig.end()
      const heard = numbers(rig.live())
      expect(heard).toEqual(range(heard[0]!, rig.frames))
      // The frame that came while the session opened may have been one too many, too.
      expect(heard[0]! - 150 - lost).toBeLessThanOrEqual(1)
      expect(heard[0]! - 150).toBeGreaterThanOrEqual(lost)
      expect(lost > 0).toBe(deadForMs > 30_000)
    }
  })
})
