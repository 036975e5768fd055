import { afterEach, describe, expect, it } from 'vitest'
import type { Fault } from './crossings.ts'
import { GIVEN, THROWN } from './odd-values.ts'
import { CHAIN, play, SPEECH_TO_SPEECH } from './play.ts'

/** What would have ended the process. */
const loose: unknown[] = []
const note = (thrown: unknown): void => void loose.push(thrown)
process.on('unhandledRejection', note)
process.on('uncaughtException', note)
afterEach(() => void (loose.length = 0))

/** Nothing depends on them: what a provider cannot do at its warm-up it cannot do when it is asked, and that is told. */
const UNTOLD = /\.(warm|return)$/

/** `node bench/chaos.mjs` */
const LONG = process.env['KAV_CHAOS'] === 'long'
type Breaks = readonly [string, () => Fault]

/** A plugin that floods the log is a fault, too. */
const MOST_LINES = 40

const throwing = THROWN.map(([name, make]): Breaks => [
  `throws ${name}`,
  () => ({ way: 'throws', value: make() }),
])
const rejecting = THROWN.slice(0, LONG ? THROWN.length : 5).map(([name, make]): Breaks => [
  `rejects with ${name}`,
  () => ({ way: 'rejects', value: make() }),
])
const odd = GIVEN.map(([name, make]): Breaks => [`gives ${name}`, () => ({ way: 'gives', value: make() })])
const FAULTS: readonly Breaks[] = [...throwing, ...rejecting, ...odd, ['hangs', () => ({ way: 'hangs' })]]

/**
 * Every second place is broken in every second way, the others in the others. Which of its crossings, the first, the
 * second or the last, takes turns; the long run breaks every one in every way, as far as they differ.
 */
function crossingsOf(index: number, count: number): readonly number[] {
  if (!LONG) return [[1, Math.min(2, count), count][index % 3]!]
  return [...new Set([...Array.from({ length: Math.min(count, 12) }, (_, i) => i + 1), count])]
}

const quiet = {
  chain: await play(CHAIN, () => undefined),
  realtime: await play(SPEECH_TO_SPEECH, () => undefined),
}

describe.each([
  ['stt, llm and tts', CHAIN, quiet.chain],
  ['speech to speech', SPEECH_TO_SPEECH, quiet.realtime],
] as const)('a call with %s', (_kind, options, undisturbed) => {
  const places = [...undisturbed.counts]
  const usual = new Set(undisturbed.told.map(({ message }) => message))

  it('crosses every kind of place', () => {
    expect(undisturbed.over).toBe(true)
    expect(undisturbed.timers).toBe(0)
    expect(places.length).toBeGreaterThan(8)
    expect(loose).toEqual([])
  })

  it.each(places.map(([place, count], at) => [place, count, at] as const))(
    'outlives whatever a plugin does at %s',
    async (place, count, at) => {
      const broken = FAULTS.filter((_, index) => LONG || (at + index) % 2 === 0).flatMap(
        ([name, make], index) => crossingsOf(index, count).map((nth) => ({ name, nth, fault: make() })),
      )
      for (const { name, nth, fault } of broken) {
        // A line that is never opened has nobody to hang up: only `max_call_ms` ends such a call.
        if (place === 'line.open' && fault.way !== 'throws') continue
        const played = await play(options, (at, n) => (at === place && n === nth ? fault : undefined))
        const what = `${place}, crossing ${nth}, ${name}`
        expect(loose.length, `${what}: reached the process`).toBe(0)
        expect(played.over, `${what}: the call is over`).toBe(true)
        expect(played.timers, `${what}: timers left`).toBe(0)
        expect(played.neighbour === undisturbed.neighbour, `${what}: the call beside it is the same`).toBe(
          true,
        )
        expect(played.told.length, `${what}: lines in the log`).toBeLessThan(MOST_LINES)
        if (fault.way !== 'throws' || UNTOLD.test(place)) continue
        const told = played.told.filter(({ message }) => !usual.has(message))
        expect(told.length, `${what}: is told`).toBeGreaterThan(0)
      }
    },
    LONG ? 600_000 : 60_000,
  )
})
