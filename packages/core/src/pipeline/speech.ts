import { type AudioFormat, sameFormat } from '../contracts/audio.ts'
import type { Clock } from '../contracts/clock.ts'
import { asProviderError, ProviderError } from '../contracts/errors.ts'
import type { TtsProvider } from '../contracts/tts.ts'
import { type Converter, createConverter } from '../audio/convert.ts'
import { createReframer } from '../audio/reframe.ts'
import { createWavStripper } from '../audio/wav.ts'
import type { AgentUtterance } from './history.ts'
import { timedIteration } from './timed-iteration.ts'
import type { TxLine } from './tx-line.ts'

/** Turns clauses into frames in the tx-queue: the way of the greeting and of every reply. */
export interface SpeechParts {
  readonly tts: TtsProvider
  readonly line: TxLine
  readonly clock: Clock
  readonly callId: string
  /** The call's format. */
  readonly format: AudioFormat
  readonly language: string
  readonly firstAudioTimeoutMs: number
}

export interface ClauseOptions {
  readonly utterance: AgentUtterance
  readonly signal: AbortSignal
  /** The first frame of the clause is about to enter the queue. */
  readonly onFirstAudio?: () => void
  /** The first frame of the clause goes out on the wire. */
  readonly onFirstFrame?: () => void
}

/**
 * Speaks one clause into the queue: any chunk size, odd bytes, a WAV header in front, any format the provider
 * produces. Waits for room when the queue is full. Returns when the last frame is queued, or when aborted.
 * Throws a `ProviderError` when the provider fails; what was queued before stays.
 */
export async function speakClause(text: string, parts: SpeechParts, options: ClauseOptions): Promise<void> {
  const { tts, line, clock, format } = parts
  const { utterance, signal } = options
  const produced = tts.produces.find((candidate) => sameFormat(candidate, format)) ?? tts.produces[0]
  if (!produced) throw new ProviderError('bad-request', 'tts: produces no audio format')
  const stripper = createWavStripper()
  const reframer = createReframer(format)
  let converter: Converter | undefined
  let frames: Uint8Array[] = []
  let begun = false

  const keep = (frame: Uint8Array): void => void frames.push(frame.slice())

  async function queueFrames(): Promise<void> {
    for (const frame of frames) {
      if (signal.aborted) return
      if (!begun) {
        begun = true
        options.onFirstAudio?.()
        void line.cue().then((outcome) => {
          if (outcome === 'played') options.onFirstFrame?.()
        })
        utterance.beginClause(text, line.nextPositionMs)
      }
      while (!line.write(frame)) {
        await line.room()
        if (signal.aborted) return
      }
    }
    frames = []
  }

  const request = { callId: parts.callId, text, format: produced, language: parts.language }
  const limits = {
    clock,
    firstMs: parts.firstAudioTimeoutMs,
    idleMs: parts.firstAudioTimeoutMs,
    what: 'tts',
    signal,
  }
  try {
    for await (const chunk of timedIteration(tts.speak(request, signal), limits)) {
      const audio = stripper.strip(chunk)
      if (audio.length === 0) continue
      // The header knows better than the agreement what follows it.
      converter ??= createConverter(stripper.declared ?? produced, format)
      reframer.push(converter.convert(audio), keep)
      await queueFrames()
      if (signal.aborted) return
    }
    const rest = stripper.flush()
    converter ??= createConverter(produced, format)
    if (rest.length > 0) reframer.push(converter.convert(rest), keep)
    reframer.push(converter.flush(), keep)
    reframer.flush(keep)
    await queueFrames()
    if (!begun && !signal.aborted) throw new ProviderError('bad-data', 'tts: no audio for a clause')
  } catch (thrown) {
    throw asProviderError(thrown, 'tts')
  } finally {
    if (begun) utterance.endClause(line.nextPositionMs)
  }
}
