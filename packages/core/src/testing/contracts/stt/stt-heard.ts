import { durationMs, type SttEvent } from '../../../contracts/index.ts'
import { expect, fail, type ContractCase } from '../common/contract-case.ts'
import { arePieces, failByPieces } from '../common/partial-pieces.ts'
import { createWholeHearing, type SttBench } from './stt-bench.ts'
import { expectNoZeroRun } from '../common/zero-run.ts'

/** Where `speechEndMs` tells where the last word ends, the provider tells the same, to so much. */
const NEAR_SHARE = 0.6
const NEAR_MS = 400

/** What is judged of one whole utterance. */
export function heardOnce(bench: SttBench): ContractCase[] {
  const { options, suite, speech, format } = bench
  const heardWhole = createWholeHearing(bench)
  const speechEndMs = options.speechEndMs ?? durationMs(format, speech.byteLength)
  return [
    suite.alone('final-once', 'each segment is told once', async () =>
      expectOnce((await heardWhole()).events),
    ),
    suite.alone('partial-whole', 'a partial is the whole text of its segment so far', async () =>
      expectWhole((await heardWhole()).events),
    ),
    suite.alone('offsets', 'offsets are milliseconds of the audio, not seconds and not steps', async () => {
      const { events } = await heardWhole()
      const ends = events.flatMap((event) => (event.type === 'final' ? (event.endMs ?? []) : []))
      const words = events.flatMap((event) => ('words' in event ? (event.words ?? []) : []))
      const isKnown = options.speechEndMs !== undefined
      const leastMs = speechEndMs * (isKnown ? NEAR_SHARE : 1 / 4)
      const expectNear = (lastMs: number | undefined, mostMs: number): void => {
        const isNear = lastMs === undefined || (lastMs >= leastMs && lastMs <= mostMs)
        expect(isNear, `the last word to end near ${speechEndMs} ms`, `it ends at ${lastMs}`)
      }
      // A segment may end with the quiet behind its words.
      expectNear(ends.at(-1), Infinity)
      expectNear(words.at(-1)?.endMs, isKnown ? speechEndMs + NEAR_MS : Infinity)
    }),
    suite.alone(
      ['turn-detection', 'partials'],
      'ends of turns and partials are told where the provider says that it has them',
      async () => {
        const { events, partials, detectsTurns } = await heardWhole()
        const count = (type: SttEvent['type']) => events.filter((event) => event.type === type).length
        const turns = count('turn-ended')
        if (detectsTurns) expect(turns > 0, 'turn-ended, since detectsTurns says so', 'none came')
        else expect(turns === 0, 'no turn-ended where detectsTurns does not say so', `${turns} came`)
        if (!partials) expect(count('partial') === 0, 'no partial where partials is false', 'one came')
      },
    ),
    suite.alone('silence', 'silence that is added is silence', async () => {
      const { received } = await heardWhole()
      if (received !== undefined) expectNoZeroRun(received, format, 'what the far side got')
    }),
  ]
}

/** A segment that comes again, alone or at the head of a longer one, is said twice to the model. */
function expectOnce(events: readonly SttEvent[]): void {
  const texts = events.flatMap((event) =>
    event.type === 'final' && event.text.trim() !== '' ? [event.text.trim()] : [],
  )
  texts.forEach((text, at) => {
    const again = texts.slice(at + 1).find((later) => later === text || later.startsWith(`${text} `))
    if (again !== undefined) fail(`expected each segment in one final; ${JSON.stringify(text)} came again`)
  })
}

function expectWhole(events: readonly SttEvent[]): void {
  let told: string[] = []
  for (const event of events) {
    if (event.type === 'partial') told.push(event.text)
    if (event.type !== 'final') continue
    if (arePieces(told, event.text)) failByPieces(told, event.text, 'segment')
    told = []
  }
}
