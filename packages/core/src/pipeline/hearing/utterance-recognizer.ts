import { type AudioFormat, bytesPerSecond } from '../../contracts/audio.ts'
import type { Clock } from '../../contracts/clock.ts'
import { asProviderError } from '../../contracts/errors.ts'
import type { SttSessionOptions } from '../../contracts/stt.ts'
import { createConverter } from '../../audio/convert.ts'
import type { CallTelemetry } from '../../telemetry/call-telemetry.ts'
import type { AudioHistory } from './audio-history.ts'
import { withDeadline } from '../../kit/deadline.ts'
import type { SttSink } from './rx-worker.ts'
import { listSttRoutes, type NamedStt } from './stt-routes.ts'

/**
 * Hears for the call while no session will open: the VAD cuts utterances, each goes to `recognize()` in one request,
 * off the media path and one at a time, so that texts come in the order they were spoken.
 */
export interface UtteranceRecognizer {
  /** Whether any provider has `recognize`. */
  readonly possible: boolean
  /** Takes the audio out of the queue and keeps it in the history. */
  readonly sink: SttSink
  /**
   * `unansweredVoice`: voice was heard before this began, and is among what the RX worker will now bring out of the
   * rx-queue.
   */
  start(state: { voiceActive: boolean; unansweredVoice: boolean }): void
  stop(): void
  voiceStarted(): void
  voiceStopped(): void
  /** Resolves when no request is running. */
  idle(): Promise<void>
}

/** Audio taken along from before the VAD's onset. */
const PREROLL_MS = 400
const REQUEST_LIMIT_MS = 10_000
/** At the start the audio lags behind the VAD: the RX worker first has to empty the rx-queue. */
const BACKLOG_MS = 1500

export function createUtteranceRecognizer(parts: {
  providers: () => readonly NamedStt[]
  format: AudioFormat
  options: () => Omit<SttSessionOptions, 'region' | 'format'>
  history: AudioHistory
  clock: Clock
  telemetry: CallTelemetry
  onText: (text: string, endPosition: number) => void
}): UtteranceRecognizer {
  const { history, clock, telemetry } = parts
  const prerollBytes = (bytesPerSecond(parts.format) * PREROLL_MS) / 1000
  const able = (): readonly NamedStt[] => parts.providers().filter(({ provider }) => provider.recognize)
  let active = false
  let startPosition: number | undefined
  let backlogUntilMs = 0
  let cancelCut: (() => void) | undefined
  let chain = Promise.resolve()

  async function recognize(audio: Buffer, to: number): Promise<void> {
    for (const { plugin, provider } of able()) {
      const format = listSttRoutes([{ plugin, provider }], parts.format)[0]!.format
      try {
        const request = ask(() =>
          provider.recognize!(convertWhole(audio, parts.format, format), { ...parts.options(), format }),
        )
        const { signal } = parts.options()
        const text = await withDeadline(clock, REQUEST_LIMIT_MS, `${plugin}: recognize`, request, signal)
        telemetry.sttUtteranceRecognized({
          plugin,
          audioMs: (audio.length * 1000) / bytesPerSecond(parts.format),
        })
        if (active && text.trim() !== '') parts.onText(text, to)
        return
      } catch (thrown) {
        if (parts.options().signal.aborted) return
        telemetry.sttUtteranceFailed({ plugin, error: asProviderError(thrown, `${plugin}: recognize`) })
      }
    }
  }

  function cut(): void {
    if (!active || startPosition === undefined) return
    const to = history.end
    const audio = history.slice(startPosition, to)
    startPosition = undefined
    if (audio.length > 0) chain = chain.then(() => recognize(audio, to))
  }

  function cutAfterBacklog(): void {
    keepOpen()
    if (active) cancelCut = clock.after(backlogUntilMs - clock.nowMs(), cut)
  }

  function keepOpen(): void {
    cancelCut?.()
    cancelCut = undefined
  }

  return {
    get possible() {
      return able().length > 0
    },
    sink: { write: () => undefined, finish: () => undefined },
    start({ voiceActive, unansweredVoice }) {
      active = true
      backlogUntilMs = clock.nowMs() + BACKLOG_MS
      startPosition = voiceActive || unansweredVoice ? history.start : undefined
      if (unansweredVoice && !voiceActive) cutAfterBacklog()
    },
    stop() {
      active = false
      startPosition = undefined
      keepOpen()
    },
    voiceStarted() {
      if (!active) return
      keepOpen()
      startPosition ??= Math.max(history.start, history.end - prerollBytes)
    },
    voiceStopped() {
      if (clock.nowMs() < backlogUntilMs) cutAfterBacklog()
      else cut()
    },
    idle: () => chain,
  }
}

async function ask(request: () => Promise<string>): Promise<string> {
  return request()
}

function convertWhole(audio: Buffer, from: AudioFormat, to: AudioFormat): Uint8Array {
  const converter = createConverter(from, to)
  const body = new Uint8Array(converter.convert(audio))
  const tail = converter.flush()
  const whole = new Uint8Array(body.length + tail.length)
  whole.set(body)
  whole.set(tail, body.length)
  return whole
}
