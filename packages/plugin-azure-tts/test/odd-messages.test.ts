import { oddVersionsOf } from '@kav/core/testing'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { provide, rest, serve, speak } from './open-for-test.ts'

interface Message {
  readonly path: string
  readonly body: unknown
}

/** What the wire makes of it is no JSON. */
const NOT_JSON = undefined

const word = {
  Type: 'WordBoundary',
  Data: {
    Offset: 500_000,
    Duration: 1_000_000,
    text: { Text: 'Hello', Length: 5, BoundaryType: 'WordBoundary' },
  },
}
/** What the service says ahead of audio, as it should be. */
const MESSAGES: readonly Message[] = [
  { path: 'turn.start', body: { context: { serviceTag: 'x' } } },
  { path: 'response', body: { context: { serviceTag: 'x' }, audio: { type: 'inline', streamId: 'x' } } },
  { path: 'audio.metadata', body: { Metadata: [word] } },
  { path: 'audio.metadata', body: { Metadata: [{ Type: 'SessionEnd', Data: { Offset: 5 } }] } },
  { path: 'turn.end', body: {} },
  { path: 'something.of.next.year', body: { a: 1 } },
]
const odd = MESSAGES.flatMap(({ path, body }) =>
  oddVersionsOf(body).map((version) => ({ path, body: version })),
)
const messages = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...MESSAGES) },
    { weight: 6, arbitrary: fc.constantFrom(...odd) },
    {
      weight: 1,
      arbitrary: fc.record({
        path: fc.constantFrom(...MESSAGES.map(({ path }) => path)),
        body: fc.oneof(fc.jsonValue(), fc.constant(NOT_JSON)),
      }),
    },
  ),
  { minLength: 1, maxLength: 8 },
)

it('a service that says anything in any order speaks, or the sentence fails with a reason', async () => {
  let raw: readonly Message[] = []
  // Connections outlive a sentence.
  const server = await serve({
    script: () => ({
      get raw() {
        return raw
      },
    }),
  })
  const { provider } = provide({ host: server.host, stall_timeout_ms: 100, spares: 0 })
  let spoken = 0
  const run = async (said: readonly Message[]) => {
    raw = said
    const words: { word: string; startMs: number }[] = []
    const { error } = await rest(speak(provider, 'Hello there.', { onWord: (one) => void words.push(one) }))
    spoken += words.length
    for (const one of words) {
      expect(one.word).toBeTypeOf('string')
      expect(one.startMs).toSatisfy((n) => Number.isFinite(n) && n >= 0)
    }
    if (error !== undefined) expect(error.message).not.toMatch(/Cannot read|is not a function/)
  }
  await fc.assert(fc.asyncProperty(messages, run), { numRuns: 60 })
  expect(spoken).toBeGreaterThan(0)
  await provider.close()
  await server.until(() => server.openSockets === 0)
})
