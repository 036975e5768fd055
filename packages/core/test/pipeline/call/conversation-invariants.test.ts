import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createCallRig } from '../call-rig.ts'

type Move =
  | { readonly do: 'speak' | 'silence' | 'wait'; readonly ms: number }
  | { readonly do: 'partial' | 'final'; readonly words: number }
  | { readonly do: 'key' }

const WORDS = 'alpha bravo charlie delta echo foxtrot golf hotel'.split(' ')

const move: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom('speak', 'silence', 'wait'),
      ms: fc.integer({ min: 20, max: 1500 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constantFrom('partial', 'final'), words: fc.integer({ min: 1, max: 8 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('key') }) },
)

const reply = fc.record(
  {
    text: fc.constantFrom(
      'Yes.',
      'One two three. Four five six.',
      'A long answer that goes on for a while, and on. And then some more of it.',
    ),
    firstTokenMs: fc.integer({ min: 0, max: 900 }),
    tokenMs: fc.integer({ min: 0, max: 80 }),
    ends: fc.boolean(),
  },
  { requiredKeys: ['text'] },
)

describe('whatever the caller, the recogniser and the model do', () => {
  it('one reply speaks at a time, each ends, nothing old follows a clear, and heard ≤ sent ≤ generated', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(move, { minLength: 3, maxLength: 25 }),
        fc.array(reply, { minLength: 1, maxLength: 4 }),
        fc.constantFrom('speech' as const, 'words' as const, 'off' as const),
        fc.boolean(),
        fc.boolean(),
        async (moves, replies, mode, preemptive, streams) => {
          const rig = createCallRig({
            llm: { preemptive, replies },
            tts: { firstAudioMs: 60, chunkEveryMs: 5, streams },
            settings: { conversation: { bargeIn: { mode } } },
          })
          const session = rig.start()
          for (const step of moves) await perform(rig, step)
          // Whatever was begun comes to an end once the caller is quiet.
          await rig.silence(14_000)

          const started = rig.of('reply_started').map((event) => event.fields['turn'])
          const over = [...rig.of('reply_ended'), ...rig.of('interrupted')].map(
            (event) => event.fields['turn'],
          )
          for (const turn of new Set(started)) {
            const corrected = rig.of('turn_corrected').some((event) => event.fields['turn'] === turn)
            const cancelled = rig.of('turn_ended').filter((event) => event.fields['turn'] === turn).length > 0
            expect(over.includes(turn) || corrected || cancelled).toBe(true)
          }
          expect(rig.of('stage_failed')).toEqual([])
          const last = rig.events.findLast((event) =>
            ['reply_started', 'reply_ended', 'interrupted'].includes(event.event),
          )
          expect(last === undefined || last.event !== 'reply_started').toBe(true)
          oneEpochAtATime(rig)
          await rig.end()
          expect((await session.done).counters['tx_queue_dropped_frames']).toBe(0)
          expect(rig.time.pending()).toBe(0)
        },
      ),
      { numRuns: 40 },
    )
  }, 60_000)
})

async function perform(rig: ReturnType<typeof createCallRig>, step: Move): Promise<void> {
  if ('ms' in step) return rig[step.do](step.ms)
  if (step.do === 'key') return rig.far.dtmf('5')
  const session = rig.stt.sessions.at(-1)
  session?.emit({ type: step.do, text: WORDS.slice(0, step.words).join(' ') })
}

/** Marks carry their epoch: on the wire epochs only go up, and after a clear none of an older one is sent. */
function oneEpochAtATime(rig: ReturnType<typeof createCallRig>): void {
  let least = 0
  let latest = 0
  for (const sent of rig.far.sent) {
    if (sent.kind === 'clear') least = latest + 1
    if (sent.kind !== 'mark') continue
    latest = Number(sent.name.split('#')[1])
    expect(latest).toBeGreaterThanOrEqual(least)
  }
}
