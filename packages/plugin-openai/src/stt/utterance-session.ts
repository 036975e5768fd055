import {
  bytesPerSecond,
  ProviderError,
  type SttEvent,
  type SttSession,
  type SttSessionOptions,
} from '@kav/core'
import { createAudioReplay, createPushQueue } from '@kav/core/kit'
import { createPauseFinder } from './pause-finder.ts'

export interface UtteranceSessionParts {
  readonly options: SttSessionOptions
  /** Pause that ends an utterance. */
  readonly pauseMs: number
  /** Writes one utterance down. Rejects with a `ProviderError`; aborts with `signal`. */
  transcribe(audio: Uint8Array, signal: AbortSignal): Promise<string>
}

/** Quiet kept in front of an utterance, so that its first sound is in it. */
const LEAD_IN_MS = 300
/** Whisper's own window is 30 s. */
const MAX_UTTERANCE_MS = 28_000

/**
 * A session for servers that have none: utterances are cut at pauses and go out one request each, in order. There are
 * no partials. A request that fails ends the session, and the core repeats the audio to the next one.
 */
export function openUtteranceSession(parts: UtteranceSessionParts): SttSession {
  const { options, transcribe } = parts
  const queue = createPushQueue<SttEvent>()
  const pauses = createPauseFinder(options.format, parts.pauseMs)
  const bytesPerMs = bytesPerSecond(options.format) / 1000
  const audio = createAudioReplay((MAX_UTTERANCE_MS + LEAD_IN_MS) * bytesPerMs)
  const ending = new AbortController()
  const language = options.language === undefined ? {} : { language: options.language }
  let state: 'open' | 'finishing' | 'over' = 'open'
  let work = Promise.resolve()
  let cutMs = 0

  const abort = () => die(new ProviderError('cancelled', 'utterances: cancelled'))
  options.signal.addEventListener('abort', abort, { once: true })
  if (options.signal.aborted) abort()

  function over(): void {
    state = 'over'
    options.signal.removeEventListener('abort', abort)
    ending.abort()
  }

  function die(error: ProviderError): void {
    if (state === 'over') return
    over()
    queue.fail(error)
  }

  /** What was said up to here goes out; silence does not. */
  function cut(): void {
    const endMs = audio.endBytes / bytesPerMs
    if (pauses.voicedUntilMs <= cutMs) return
    const utterance = audio.kept().slice()
    cutMs = endMs
    audio.trimTo(audio.endBytes)
    work = work.then(() => write(utterance, endMs))
  }

  async function write(utterance: Uint8Array, endMs: number): Promise<void> {
    if (state === 'over') return
    try {
      const text = await transcribe(utterance, ending.signal)
      queue.push({ type: 'final', text, endMs, ...language })
    } catch (thrown) {
      die(thrown as ProviderError)
    }
  }

  return {
    events: queue.items,
    write(piece) {
      if (state !== 'open') return
      audio.push(piece)
      const atPause = pauses.push(piece)
      const endMs = audio.endBytes / bytesPerMs
      if (pauses.voicedUntilMs <= cutMs) audio.trimTo(Math.floor((endMs - LEAD_IN_MS) * bytesPerMs))
      else if (atPause || endMs - audio.fromBytes / bytesPerMs >= MAX_UTTERANCE_MS) cut()
    },
    finish() {
      if (state !== 'open') return
      state = 'finishing'
      cut()
      void work.then(() => {
        if (state === 'over') return
        over()
        queue.end()
      })
    },
    async close() {
      over()
      queue.discard()
      await work
    },
  }
}
