import {
  durationMs,
  type AudioFormat,
  type LlmTool,
  type PluginContext,
  type RealtimeEvent,
  type RealtimeProvider,
  type RealtimeSession,
  type RealtimeSessionOptions,
} from '../../../contracts/index.ts'
import { expect, within } from '../common/contract-case.ts'
import type { ContractOptions } from '../common/contract-options.ts'
import { arePieces, failByPieces } from '../common/partial-pieces.ts'
import { createSuite } from '../common/suite.ts'
import type { ReceivedOptions } from '../common/told-options.ts'
import { type BilledTokens, expectUsage } from '../common/token-usage.ts'
import { expectNoZeroRun } from '../common/zero-run.ts'
import { settled } from '../common/outcome.ts'
import { converse, type Talk } from './converse.ts'

export interface RealtimeContractOptions extends ContractOptions<RealtimeProvider> {
  /** One of the provider's `formats`. */
  readonly format: AudioFormat
  /** One turn of a caller, with enough silence behind it for the provider to end it. */
  readonly speech: Uint8Array
  /** Matches what the caller is written down to have said. */
  readonly expected: RegExp
  /**
   * A fresh provider whose far end breaks its first connection behind the first piece of a reply, and serves the next one
   * as ever. Present: the session has to go on by itself.
   */
  createCutOnce?(context: PluginContext): RealtimeProvider | Promise<RealtimeProvider> | undefined
  /** For a loopback server: the audio it got in its latest session. */
  received?(): Uint8Array
  /** For a loopback server: all text it got in its latest session, as it came. */
  receivedText?(): string
  /**
   * For a loopback server: what it got of the options of its latest session. Present: the hints, the language and the
   * instructions of a session must be there.
   */
  receivedOptions?(): ReceivedOptions
  /**
   * For a loopback server: how many milliseconds of the interrupted item it was told were heard in its latest session.
   * Present: it must be what `interrupt` was given.
   */
  receivedHeardMs?(): number | undefined
  /** For a loopback server: what its latest session costs, all replies together. Present: `usage` adds up to it. */
  billed?(): BilledTokens
  /** A tool the model calls in answer to `speech`, and what matches its words once it has the result. */
  readonly tool?: { readonly tool: LlmTool; readonly result: string; readonly expected: RegExp }
}

/** How the cases open a session and talk. */
export function createRealtimeBench(options: RealtimeContractOptions) {
  const { format, speech, expected } = options
  const suite = createSuite('realtime', options)
  const { on, stepMs, promptMs } = suite

  const sessionOptions = (given: Partial<RealtimeSessionOptions> = {}): RealtimeSessionOptions => ({
    callId: 'contract',
    format,
    instructions: 'You are a friendly receptionist. Answer in two sentences.',
    tools: [],
    hints: [],
    history: [],
    signal: new AbortController().signal,
    ...given,
  })

  async function talk(provider: RealtimeProvider, given?: Partial<RealtimeSessionOptions>): Promise<Talk> {
    const session = await within(
      provider.openSession(sessionOptions(given)),
      stepMs,
      'openSession to resolve',
    )
    return converse(session, stepMs)
  }

  /** The caller speaks a whole turn. */
  function speak(
    provider: RealtimeProvider,
    session: RealtimeSession,
    audio = speech,
    scribble = false,
  ): void {
    const piece = new Uint8Array(320)
    for (let at = 0; at < audio.length; at += piece.length) {
      const part = audio.subarray(at, at + piece.length)
      piece.set(part)
      session.write(piece.subarray(0, part.length))
      if (scribble) piece.fill(0x15)
    }
    if (!provider.detectsTurns) session.endTurn()
  }

  async function finish({ session, events, over }: Talk): Promise<void> {
    session.finish()
    await within(over(), stepMs, 'events to end after finish')
    await within(session.close(), promptMs, 'close to resolve')
    for (const event of events) if ('text' in event) suite.witness.heard(event.text)
  }

  /** What a provider that cannot succeed throws; nothing where it opens. */
  async function faultOf(provider: RealtimeProvider): Promise<unknown> {
    const opening = settled(provider.openSession(sessionOptions()))
    const { value, error } = await within(opening, stepMs, 'openSession to settle')
    await value?.close()
    return error
  }

  return {
    options,
    faultOf,
    format,
    speech,
    expected,
    suite,
    on,
    stepMs,
    promptMs,
    sessionOptions,
    talk,
    speak,
    finish,
  }
}
export type RealtimeBench = ReturnType<typeof createRealtimeBench>

/** Events in the order and shape of the contract, and speech among them. */
export function expectWellFormed(
  events: readonly RealtimeEvent[],
  format: AudioFormat,
  writtenMs: number,
): void {
  let open: string | undefined
  const texts = new Map<string, string>()
  let audioMs = 0
  for (const event of events) {
    const told = JSON.stringify(event).slice(0, 120)
    if (event.type === 'speech-started' || event.type === 'speech-stopped') {
      expect(
        event.atMs >= 0 && event.atMs <= writtenMs + 1_000,
        'offsets within the audio written',
        `one is ${told}`,
      )
    } else if (event.type === 'reply-started') {
      expect(open === undefined, 'one reply at a time', `another began: ${told}`)
      open = event.replyId
    } else if (event.type === 'reply-ended') {
      expect(open === event.replyId, 'reply-ended once for each reply', `one is ${told}`)
      open = undefined
    } else if (event.type === 'audio') {
      expect(open !== undefined, 'audio within a reply', 'some came outside of one')
      expect(event.audio.length > 0, 'audio that is not empty', 'a chunk is')
      audioMs += durationMs(format, event.audio.length)
      expectNoZeroRun(event.audio, format)
    } else if (event.type === 'usage') {
      expectUsage(event)
    } else if (event.type === 'caller-partial' || event.type === 'agent-partial') {
      const before = texts.get(event.itemId) ?? ''
      expect(event.text.startsWith(before), 'a partial to hold the whole text so far', `one is ${told}`)
      texts.set(event.itemId, event.text)
    }
  }
  expect(open === undefined, 'reply-ended for every reply', `${open} was left open`)
  expect(audioMs > 100, 'speech', `it plays ${audioMs} ms`)
}

/** Of each item, the caller's and the agent's: what its partials say is the beginning of its final, not a piece of it. */
export function expectWholePartials(events: readonly RealtimeEvent[]): void {
  const told = new Map<string, string[]>()
  for (const event of events) {
    if (!('text' in event)) continue
    const before = told.get(event.itemId) ?? []
    if (event.type === 'caller-partial' || event.type === 'agent-partial')
      told.set(event.itemId, [...before, event.text])
    else if (arePieces(before, event.text)) failByPieces(before, event.text, 'item')
  }
}
