import { MULAW_8K, ProviderError, type SttEvent } from '@kav/core'
import { oddVersionsOf, testContext, testParams } from '@kav/core/testing'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { localStt } from '../../src/stt/index.ts'
import { createPocketsphinxProvider } from '../../src/stt/provider.ts'

const session = '$session'
const OPENED = { type: 'opened', session, unknownWords: ['x'], derivedWords: [], vocabulary: 3 }
const VALID: readonly unknown[] = [
  OPENED,
  { type: 'taken', session, bytes: 800, busyMs: 2 },
  { type: 'event', session, event: { type: 'speech-started', atMs: 20 } },
  { type: 'event', session, event: { type: 'speech-stopped', atMs: 20 } },
  { type: 'event', session, event: { type: 'partial', text: 'hel' } },
  { type: 'event', session, event: { type: 'final', text: 'hello', endMs: 300, confidence: 0.5 } },
  { type: 'rejected', session, margin: -20, speechMs: 300 },
  { type: 'ended', session },
  { type: 'failed', session, errorClass: 'bad-data', message: 'no' },
  { type: 'closed', session },
]

/** Messages in any order, half of them with one part that is not what it should be. */
const answers = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...VALID) },
    { weight: 5, arbitrary: fc.constantFrom(...VALID.flatMap(oddVersionsOf)) },
    { weight: 1, arbitrary: fc.jsonValue() },
  ),
  { maxLength: 6 },
)

function expectClear(thrown: unknown): void {
  expect(thrown).toBeInstanceOf(ProviderError)
  expect((thrown as Error).message).not.toMatch(
    /Cannot read|is not a function|is not iterable|\[object Object\]/,
  )
  // What the worker itself says of a session is passed on as it is.
  const { class: faultClass, message } = thrown as ProviderError
  if (faultClass === 'bad-data' && message !== 'no' && message !== '' && !/^(text|x+)$/.test(message))
    expect(message).toMatch(/^@kav\/plugin-local: the recogniser worker sent an odd message: /)
}

function expectWords(event: SttEvent): void {
  expect(['speech-started', 'speech-stopped', 'partial', 'final']).toContain(event.type)
  if (event.type === 'partial' || event.type === 'final') expect(event.text).toBeTypeOf('string')
  for (const value of Object.values(event))
    if (typeof value === 'number') expect(value).toSatisfy(Number.isFinite)
}

describe('what a recogniser worker sends', { timeout: 120_000 }, () => {
  it('is words, or ends at most the session it is of, with a fault that names the plugin', async () => {
    const context = testContext()
    const worker = new URL('./odd-worker.mjs', import.meta.url)
    const stt = createPocketsphinxProvider({ ...testParams(localStt.params), workers: 1 }, context, worker)
    const open = (script: object, signal: AbortSignal) =>
      stt.openSession({ callId: 'test', format: MULAW_8K, hints: [JSON.stringify(script)], signal })
    const bystander = await open({}, new AbortController().signal)
    const heard = bystander.events[Symbol.asyncIterator]()
    /** The worker's messages come in order: once this one is there, all before it are. */
    const settled = async () => {
      bystander.write(new Uint8Array(800))
      expect((await heard.next()).value).toEqual({ type: 'final', text: '800' })
    }

    const run = async (opening: readonly unknown[], later: readonly unknown[]) => {
      const abort = new AbortController()
      const openingSession = open({ open: [...opening, OPENED], audio: later, finish: later }, abort.signal)
      const faults: unknown[] = []
      const reading = openingSession.then(async (live) => {
        live.write(new Uint8Array(800))
        for await (const event of live.events) expectWords(event)
      })
      const read = reading.catch((thrown: unknown) => void faults.push(thrown))
      await settled()
      await settled()
      abort.abort()
      await read
      for (const fault of faults) expectClear(fault)
      await openingSession.then(
        (live) => live.close(),
        () => undefined,
      )
    }
    await fc.assert(fc.asyncProperty(answers, answers, run), { numRuns: 150 })
    expect(context.metrics.value('stt_worker_odd_replies_total')).toBeGreaterThan(0)
    expect(context.metrics.value('stt_worker_deaths_total')).toBe(0)
    await settled()
    await bystander.close()
    await stt.close()
  })
})
