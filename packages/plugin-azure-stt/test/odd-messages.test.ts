import { ProviderError, type SttEvent } from '@kav/core'
import { oddVersionsOf } from '@kav/core/testing'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { hear, open, provide, serve, write } from './open-for-test.ts'

/** What the wire makes of it is no JSON. */
const NOT_JSON = undefined

interface Message {
  readonly path: string
  readonly body: unknown
}

const place = { Offset: 0, Duration: 200_000, PrimaryLanguage: { Language: 'he-IL', Confidence: 'High' } }
/** What the service says of one turn, as it should be. */
const MESSAGES: readonly Message[] = [
  { path: 'turn.start', body: { context: { serviceTag: 'x' } } },
  { path: 'speech.startDetected', body: { Offset: 0 } },
  { path: 'speech.endDetected', body: { Offset: 100_000 } },
  { path: 'speech.hypothesis', body: { Text: 'hello', ...place } },
  { path: 'speech.fragment', body: { Text: 'hello', ...place } },
  { path: 'speech.phrase', body: { RecognitionStatus: 'Success', DisplayText: 'Hello.', ...place } },
  {
    path: 'speech.phrase',
    body: {
      RecognitionStatus: 'Success',
      NBest: [
        {
          ...{ Confidence: 0.9, Display: 'Hello.' },
          Words: [{ Word: 'hello', Offset: 0, Duration: 100_000 }],
          DisplayWords: [{ DisplayText: 'Hello.', Offset: 0, Duration: 100_000 }],
        },
      ],
      ...place,
    },
  },
  { path: 'speech.phrase', body: { RecognitionStatus: 'NoMatch', ...place } },
  { path: 'speech.detailed.phrase', body: { RecognitionStatus: 'Success', DisplayText: 'Hello.', ...place } },
  { path: 'turn.end', body: {} },
  { path: 'something.of.next.year', body: { a: 1 } },
]

const odd = MESSAGES.flatMap(({ path, body }) =>
  oddVersionsOf(body).map((version) => ({ path, body: version })),
)
const paths = fc.constantFrom(...MESSAGES.map(({ path }) => path))
const messages = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...MESSAGES) },
    { weight: 5, arbitrary: fc.constantFrom(...odd) },
    {
      weight: 1,
      arbitrary: fc.record({ path: paths, body: fc.oneof(fc.jsonValue(), fc.constant(NOT_JSON)) }),
    },
  ),
  { minLength: 1, maxLength: 12 },
)

function expectSound(event: SttEvent): void {
  for (const [field, value] of Object.entries(event)) {
    const is = `${event.type}.${field}`
    if (field === 'words') expect(value, is).toSatisfy(areWords)
    else if (/Ms$/.test(field)) expect(value, is).toSatisfy((n) => Number.isFinite(n) && n >= 0)
    else expect(value, is).toBeTypeOf('string')
  }
}

function areWords(value: unknown): boolean {
  const isTime = (ms: unknown): boolean => Number.isFinite(ms) && Number(ms) >= 0
  return (value as Record<string, unknown>[]).every(
    ({ word, startMs, endMs }) => typeof word === 'string' && isTime(startMs) && isTime(endMs),
  )
}

it('a service that says anything in any order is heard, left out, or ends the session with a reason', async () => {
  let raw: readonly Message[] = []
  const server = await serve({ script: () => ({ raw }) })
  const { provider } = provide({ host: server.host, languages: ['he-IL', 'en-US'] })
  const run = async (said: readonly Message[]) => {
    raw = said
    const session = await open(provider)
    const heard = hear(session)
    write(session, 0, 20)
    const before = server.connections.length
    await server.until(() =>
      server.connections.slice(before - 1).some(({ audioMessages }) => audioMessages > 0),
    )
    for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve))
    write(session, 20, 30)
    await session.close()
    await heard.over
    for (const event of heard.events) expectSound(event)
    if (heard.error !== undefined) expect(heard.error).toBeInstanceOf(ProviderError)
  }
  await fc.assert(fc.asyncProperty(messages, run), { numRuns: 60 })
  await server.until(() => server.openSockets === 0)
})
