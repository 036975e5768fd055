import { MULAW_SILENCE, decodeMulaw, type SttEvent } from '@kav/core'
import { createBatchMemory } from '../vad/batch-memory.ts'
import type { SileroModel } from '../vad/silero-model.ts'
import { WINDOW_BYTES, createHeldWindows, createWindowCutter } from './audio-windows.ts'
import { createSpeechGate, type SpeechGate } from './speech-gate.ts'
import { createTelephoneUpsampler } from './telephone-upsampler.ts'
import type { Heard, UtteranceDecoder } from './utterance-decoder.ts'
import type { RecognitionSettings } from './worker-messages.ts'

/** One session inside the worker: finds utterances in the audio and has each decoded. */
export interface Recognition {
  /** Mu-law at 8 kHz, any length; `skippedBytes` were lost before it. */
  write(audio: Uint8Array, skippedBytes: number): void
  /** Ends the running utterance, if any. */
  finish(): void
  free(): void
}

export interface RecognitionOutput {
  event(event: SttEvent): void
  rejected(margin: number, speechMs: number): void
}

const BYTES_PER_MS = 8
const WINDOW_MS = 32
/** Heard before the detector is sure; words begin softly. */
const PREROLL_WINDOWS = 12
/** Decoding in steps of about 100 ms: a partial each. */
const STEP_WINDOWS = 3
/** Silence fed after audio that was cut off in the middle, so that the last word can end. */
const TAIL_WINDOWS = 6
/** Below this much voice it was a cough or a click, not a word. */
const MIN_VOICED_MS = 96
/** A guess says little before this much voice, and must fit better than a final: it knows less. */
const MIN_GUESSED_MS = 380
const GUESS_MARGIN = 5

export function createRecognition(
  decoder: UtteranceDecoder,
  vad: SileroModel,
  settings: RecognitionSettings & { readonly rejectBelow: number },
  output: RecognitionOutput,
): Recognition {
  const memory = createBatchMemory(vad.shape, 1)
  const gate = createSpeechGate({
    endWindows: Math.max(1, Math.round(settings.endpointSilenceMs / WINDOW_MS)),
    maxWindows: Math.round(settings.maxUtteranceMs / WINDOW_MS),
  })
  /** Windows not yet decoded: the pre-roll while silent, the current step while speaking. */
  const held = createHeldWindows(PREROLL_WINDOWS)
  const cutter = createWindowCutter(takeWindow)
  let skippedBytes = 0
  let isSpeaking = false
  const positionMs = (): number => Math.floor((skippedBytes + cutter.bytes) / BYTES_PER_MS)
  const utterances = createUtterances(decoder, settings, output, gate, positionMs)

  function takeWindow(window: Uint8Array): void {
    decodeMulaw(window, memory.windows)
    vad.rateBatch(memory, 1)
    held.add(window)
    const step = gate.step(memory.probabilities[0] ?? 0)
    if (step === 'begins') {
      isSpeaking = true
      utterances.begin(held.take())
    } else if (step === 'ends') end()
    else if (step === 'goes-on' && held.count >= STEP_WINDOWS) utterances.goOn(held.take())
  }

  function end(tail?: Uint8Array): void {
    isSpeaking = false
    utterances.end(held.take(), tail)
  }

  return {
    write(audio, skipped) {
      skippedBytes += skipped
      cutter.write(audio)
    },
    finish() {
      cutter.fillUp()
      if (isSpeaking) end(new Uint8Array(TAIL_WINDOWS * WINDOW_BYTES).fill(MULAW_SILENCE))
    },
    free() {
      decoder.free()
    },
  }
}

/** The utterances of one session, one after another, as the decoder hears them. */
interface Utterances {
  begin(audio: Uint8Array): void
  /** More of it: perhaps a partial comes of it. */
  goOn(audio: Uint8Array): void
  /** The last of it, and silence that was not heard. */
  end(audio: Uint8Array, tail?: Uint8Array): void
}

function createUtterances(
  decoder: UtteranceDecoder,
  settings: RecognitionSettings & { readonly rejectBelow: number },
  output: RecognitionOutput,
  gate: SpeechGate,
  positionMs: () => number,
): Utterances {
  const { rejectBelow } = settings
  const voicedMs = (): number => gate.voicedWindows * WINDOW_MS
  let upsampler = createTelephoneUpsampler()
  let published: Heard | undefined
  const feed = (audio: Uint8Array): void => decoder.feed(upsampler.process(audio))

  return {
    begin(audio) {
      published = undefined
      upsampler = createTelephoneUpsampler()
      decoder.begin()
      output.event({ type: 'speech-started', atMs: positionMs() - 2 * WINDOW_MS })
      feed(audio)
    },
    goOn(audio) {
      feed(audio)
      if (!settings.wantsPartials || voicedMs() < MIN_GUESSED_MS) return
      const guess = decoder.guess(voicedMs())
      if (guess === undefined || guess.margin < rejectBelow + GUESS_MARGIN) return
      if (guess.text === published?.text) return
      published = guess
      output.event({ type: 'partial', text: guess.text })
    },
    end(audio, tail) {
      feed(audio)
      if (tail !== undefined) feed(tail)
      const heard = decoder.end(voicedMs())
      const silentMs = gate.silentWindows * WINDOW_MS
      output.event({ type: 'speech-stopped', atMs: Math.max(0, positionMs() - silentMs) })
      const isUnderstood = heard !== undefined && voicedMs() >= MIN_VOICED_MS && heard.margin >= rejectBelow
      if (!isUnderstood) output.rejected(heard?.margin ?? -Infinity, voicedMs())
      // Words that were published are never taken back in silence: the turn may already rest on them.
      const final = isUnderstood ? heard : published
      if (final === undefined) return
      const confidence = confidenceOf(final.margin, rejectBelow)
      output.event({ type: 'final', text: final.text, endMs: positionMs(), confidence })
    },
  }
}

const LEAST_CONFIDENCE = 0.3

/**
 * How far above what is still accepted: 0.65 at 5 above, nearly one at 15 above. What is accepted is no mumbling: it is
 * never below the core's `unclear.min_confidence`.
 */
function confidenceOf(margin: number, rejectBelow: number): number {
  if (rejectBelow === -Infinity) return 1
  return (
    LEAST_CONFIDENCE +
    Math.round(((1 - LEAST_CONFIDENCE) * 100) / (1 + Math.exp(-(margin - rejectBelow - 5) / 3))) / 100
  )
}
