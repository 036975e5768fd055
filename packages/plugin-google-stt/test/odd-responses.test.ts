import { ProviderError, type SttEvent } from '@kav/core'
import { oddVersionsOf } from '@kav/core/testing'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readResponse, toEvents } from '../src/responses.ts'
import { numberedFrames } from '../src/testing/index.ts'
import { hearAll, open, provide, serve } from './open-for-test.ts'

/** What a stream says, as it should be. */
const RESPONSES: readonly object[] = [
  { speechEventType: 'SPEECH_ACTIVITY_BEGIN', speechEventOffset: { seconds: '1', nanos: 20_000_000 } },
  { speechEventType: 'SPEECH_ACTIVITY_END', speechEventTime: { seconds: '2', nanos: 0 } },
  {
    results: [
      {
        alternatives: [{ transcript: 'hello', confidence: 0.9 }],
        isFinal: true,
        languageCode: 'iw-il',
        resultEndOffset: { seconds: '2', nanos: 5 },
      },
      { alternatives: [{ transcript: ' there' }], isFinal: false, resultEndTime: { seconds: '3', nanos: 0 } },
    ],
  },
  { error: { code: 3, message: 'no' } },
]

function expectSound(event: SttEvent): void {
  for (const [field, value] of Object.entries(event)) {
    const is = `${event.type}.${field}`
    if (/Ms$|^confidence$/.test(field)) expect(value, is).toSatisfy((n) => Number.isFinite(n) && n >= 0)
    else expect(value, is).toBeTypeOf('string')
  }
}

it('a response of any kind is events, nothing, or cannot be read and says why', () => {
  const response = fc.oneof(fc.anything(), fc.constantFrom(...RESPONSES.flatMap(oddVersionsOf)))
  fc.assert(
    fc.property(response, (one) => {
      const read = readResponse(one)
      if (read.ok) for (const event of toEvents(read.value)) expectSound(event)
      else expect(read.why).not.toBe('')
    }),
    { numRuns: 1500 },
  )
})

/** Everything the wire can carry: types are right there, values need not be. */
const duration = fc.record(
  {
    seconds: fc.oneof(fc.integer(), fc.constantFrom('9223372036854775807', '-9223372036854775808')),
    nanos: fc.integer(),
  },
  { requiredKeys: [] },
)
const wireResponse = fc.record(
  {
    results: fc.array(
      fc.record(
        {
          alternatives: fc.array(
            fc.record(
              { transcript: fc.string({ unit: 'binary' }), confidence: fc.float() },
              { requiredKeys: [] },
            ),
            { maxLength: 3 },
          ),
          isFinal: fc.boolean(),
          languageCode: fc.string(),
          resultEndOffset: duration,
        },
        { requiredKeys: [] },
      ),
      { maxLength: 3 },
    ),
    speechEventType: fc.integer({ min: 0, max: 9 }),
    speechEventOffset: duration,
  },
  { requiredKeys: [] },
)

it('a stream that says anything in any order is heard, and closes', async () => {
  let raw: readonly Record<string, unknown>[] = []
  const server = await serve({ script: () => ({ raw }) })
  const { provider } = provide(server.endpoint)
  const run = async (said: readonly Record<string, unknown>[], finish: boolean) => {
    raw = said
    const session = await open(provider)
    const heard = hearAll(session)
    session.write(numberedFrames(0, 10))
    if (finish) session.finish()
    else {
      const stream = server.streams.at(-1)!
      await server.until(() => stream.frames.length > 0)
      await session.close()
    }
    const { events, error } = await heard
    for (const event of events) expectSound(event)
    if (error !== undefined) expect(error).toBeInstanceOf(ProviderError)
    await session.close()
  }
  await fc.assert(fc.asyncProperty(fc.array(wireResponse, { maxLength: 12 }), fc.boolean(), run), {
    numRuns: 60,
  })
})
