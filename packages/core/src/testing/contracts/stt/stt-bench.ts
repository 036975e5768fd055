import {
  bytesPerSecond,
  durationMs,
  type AudioFormat,
  type SttEvent,
  type SttProvider,
  type SttSession,
  type SttSessionOptions,
} from '../../../contracts/index.ts'
import { expect, fail, within, told } from '../common/contract-case.ts'
import type { ContractOptions } from '../common/contract-options.ts'
import { createSuite } from '../common/suite.ts'
import { settled } from '../common/outcome.ts'
import type { ReceivedOptions } from '../common/told-options.ts'
import { listen, writeAll, type Listening, type WritePace } from './listen.ts'

export interface SttContractOptions extends ContractOptions<SttProvider> {
  /** One utterance that the provider is known to understand, in `format`; it says nothing twice. */
  readonly speech: Uint8Array
  /** One of the provider's `accepts`. */
  readonly format: AudioFormat
  /** Matches the text of all finals for `speech`, joined by spaces. */
  readonly expected: RegExp
  /** Matches when the last word of `speech` was heard. Default `expected`. */
  readonly lastWord?: RegExp
  /** Where the last word ends: audio is cut there to see that the tail survives. Default the end of `speech`. */
  readonly speechEndMs?: number
  /** `speech` in another one of the `accepts`, where the far end really listens. Present: it is heard in each. */
  speechIn?(format: AudioFormat): Uint8Array | undefined
  readonly hints?: readonly string[]
  readonly language?: string
  /** Times real time at which audio is written. Default 4, what the core does at most; `Infinity` for doubles. */
  readonly pace?: number
  /**
   * For a loopback server: the audio it got in its latest session or request, decoded from the wire. Present: what
   * was written must be in there byte for byte.
   */
  received?(): Uint8Array | Promise<Uint8Array>
  /**
   * For a loopback server: what it got of the options of its latest session or request. Present: the hints, the language
   * and the region of a session must be there, which are other ones than the provider was made with, and the format of
   * its audio. What `recognize` is told is looked at where the server notes it, too.
   */
  receivedOptions?(): ReceivedOptions | Promise<ReceivedOptions>
}

/** What came of the whole speech, and what the provider says of itself. */
export interface HeardWhole {
  readonly events: readonly SttEvent[]
  readonly partials: boolean
  readonly detectsTurns: boolean
  readonly received: Uint8Array | undefined
}

const BATCH_MS = 40

/** How the cases open a session, speak to it and judge what it heard. */
export function createSttBench(options: SttContractOptions) {
  const { speech, format, expected } = options
  const suite = createSuite('stt', options)
  const { stepMs, promptMs } = suite
  const sampleBytes = format.encoding === 'linear16' ? 2 : 1
  const batchBytes = (bytesPerSecond(format) * BATCH_MS) / 1000
  const pace: WritePace = { format, pace: options.pace ?? 4, sizes: [batchBytes] }
  const toLastWord = untilLastWord(options, sampleBytes)
  const writeMs = durationMs(format, speech.byteLength) / pace.pace + stepMs

  function sessionOptions(
    provider: SttProvider,
    signal: AbortSignal = new AbortController().signal,
  ): SttSessionOptions {
    const region = provider.regions?.[0]
    return {
      callId: 'contract',
      format,
      hints: options.hints ?? [],
      signal,
      ...(region !== undefined && { region }),
      ...(options.language !== undefined && { language: options.language }),
    }
  }

  const open = (provider: SttProvider, signal?: AbortSignal): Promise<SttSession> =>
    within(provider.openSession(sessionOptions(provider, signal)), stepMs, 'openSession to resolve')

  const close = (session: SttSession) => within(session.close(), promptMs, 'close to resolve')

  const write = (session: SttSession, audio: Uint8Array, how: WritePace = pace) =>
    within(writeAll(session, audio, how), writeMs, 'all writes to return')

  async function toEnd(session: SttSession, listening: Listening): Promise<void> {
    session.finish()
    await within(listening.over, stepMs, 'events to end after finish')
    for (const event of listening.events) if ('text' in event) suite.witness.heard(event.text)
    if (listening.error !== undefined) {
      fail(`expected events to end after finish; they threw ${told(listening.error)}`)
    }
  }

  async function expectReceived(audio: Uint8Array, when: string): Promise<void> {
    if (options.received === undefined) return
    const got = Buffer.from(await options.received())
    const holds = got.includes(Buffer.from(audio.buffer, audio.byteOffset, audio.byteLength))
    expect(
      holds,
      `the far side to get all ${audio.byteLength} bytes unchanged ${when}`,
      `it got ${got.byteLength} bytes that do not hold them`,
    )
  }

  /** Speaks all of `audio` to one session and gives what was heard. */
  async function recognise(
    provider: SttProvider,
    audio: Uint8Array,
    how: WritePace = pace,
  ): Promise<Listening> {
    const session = await open(provider)
    const listening = listen(session)
    await write(session, audio, how)
    await toEnd(session, listening)
    await close(session)
    return listening
  }

  return {
    options,
    pace,
    speech,
    format,
    expected,
    suite,
    stepMs,
    promptMs,
    sampleBytes,
    batchBytes,
    toLastWord,
    sessionOptions,
    open,
    close,
    write,
    toEnd,
    expectText,
    expectReceived,
    recognise,
  }
}
export type SttBench = ReturnType<typeof createSttBench>

/** What a provider that cannot succeed throws, on opening or later. */
export async function faultOf(bench: SttBench, provider: SttProvider): Promise<unknown> {
  const { speech, stepMs, sessionOptions, close, write } = bench
  const opening = provider.openSession(sessionOptions(provider))
  const outcome = await within(settled(opening), stepMs, 'openSession to settle')
  if (outcome.value === undefined) return outcome.error
  const listening = listen(outcome.value)
  await write(outcome.value, speech)
  await within(listening.over, stepMs, 'events to end when the session dies')
  await close(outcome.value)
  return listening.error
}

/** Hears the whole of `speech`, once for all cases that only judge it. */
export function createWholeHearing({
  options,
  suite,
  speech,
  recognise,
}: SttBench): () => Promise<HeardWhole> {
  let whole: Promise<HeardWhole> | undefined
  async function hear(): Promise<HeardWhole> {
    let heard: HeardWhole | undefined
    await suite.use(options.create, async (provider) => {
      const { events } = await recognise(provider, speech)
      const { partials = true, detectsTurns = false } = provider
      heard = { events, partials, detectsTurns, received: await options.received?.() }
    })
    return heard!
  }
  return () => (whole ??= hear())
}

function expectText(listening: Listening, pattern: RegExp, when: string): void {
  const said = JSON.stringify(listening.text())
  expect(pattern.test(listening.text()), `finals that match ${pattern} ${when}`, `they say ${said}`)
}

/** The speech up to the end of its last word. */
function untilLastWord({ speech, format, speechEndMs }: SttContractOptions, sampleBytes: number): Uint8Array {
  const cut =
    speechEndMs === undefined ? speech.byteLength : Math.round((bytesPerSecond(format) * speechEndMs) / 1000)
  return speech.subarray(0, cut - (cut % sampleBytes))
}
