import { MULAW_SILENCE, decodeMulaw, type SttEvent } from '@kav/core'
import { createBatchMemory } from '../vad/batch-memory.ts'
import type { SileroModel } from '../vad/silero-model.ts'
import { createSpeechGate } from './speech-gate.ts'
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

const WINDOW_BYTES = 256
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
  const window = new Uint8Array(WINDOW_BYTES)
  /** Windows not yet decoded: the pre-roll while silent, the current step while speaking. */
  const held = new Uint8Array(PREROLL_WINDOWS * WINDOW_BYTES)
  let heldBytes = 0
  let filled = 0
  let positionBytes = 0
  let upsampler = createTelephoneUpsampler()
  let isSpeaking = false
  let published: Heard | undefined

  function write(audio: Uint8Array, skippedBytes: number): void {
    positionBytes += skippedBytes
    for (let at = 0; at < audio.length;) {
      const taken = Math.min(WINDOW_BYTES - filled, audio.length - at)
      window.set(audio.subarray(at, at + taken), filled)
      filled += taken
      at += taken
      positionBytes += taken
      if (filled === WINDOW_BYTES) {
        filled = 0
        takeWindow()
      }
    }
  }

  function takeWindow(): void {
    decodeMulaw(window, memory.windows)
    vad.rateBatch(memory, 1)
    hold()
    const step = gate.step(memory.probabilities[0] ?? 0)
    if (step === 'begins') begin()
    else if (step === 'ends') end()
    else if (step === 'goes-on' && heldBytes >= STEP_WINDOWS * WINDOW_BYTES) decodeStep()
  }

  function hold(): void {
    if (heldBytes === held.length) {
      held.copyWithin(0, WINDOW_BYTES)
      heldBytes -= WINDOW_BYTES
    }
    held.set(window, heldBytes)
    heldBytes += WINDOW_BYTES
  }

  function begin(): void {
    isSpeaking = true
    published = undefined
    upsampler = createTelephoneUpsampler()
    decoder.begin()
    output.event({ type: 'speech-started', atMs: positionMs() - 2 * WINDOW_MS })
    feedHeld()
  }

  function decodeStep(): void {
    feedHeld()
    if (!settings.wantsPartials) return
    if (voicedMs() < MIN_GUESSED_MS) return
    const guess = decoder.guess(voicedMs())
    if (guess === undefined || guess.margin < settings.rejectBelow + GUESS_MARGIN) return
    if (guess.text === published?.text) return
    published = guess
    output.event({ type: 'partial', text: guess.text })
  }

  function end(): void {
    feedHeld()
    isSpeaking = false
    const heard = decoder.end(voicedMs())
    const silentMs = gate.silentWindows * WINDOW_MS
    output.event({ type: 'speech-stopped', atMs: Math.max(0, positionMs() - silentMs) })
    const isUnderstood =
      heard !== undefined && voicedMs() >= MIN_VOICED_MS && heard.margin >= settings.rejectBelow
    if (!isUnderstood) output.rejected(heard?.margin ?? -Infinity, voicedMs())
    // Words that were published are never taken back in silence: the turn may already rest on them.
    const final = isUnderstood ? heard : published
    if (final === undefined) return
    output.event({
      type: 'final',
      text: final.text,
      endMs: positionMs(),
      confidence: confidenceOf(final.margin, settings.rejectBelow),
    })
  }

  function feedHeld(): void {
    decoder.feed(upsampler.process(held.subarray(0, heldBytes)))
    heldBytes = 0
  }

  const positionMs = (): number => Math.floor(positionBytes / 8)
  const voicedMs = (): number => gate.voicedWindows * WINDOW_MS

  return {
    write,
    finish() {
      if (filled > 0) {
        window.fill(MULAW_SILENCE, filled)
        filled = 0
        takeWindow()
      }
      if (!isSpeaking) return
      feedHeld()
      decoder.feed(upsampler.process(new Uint8Array(TAIL_WINDOWS * WINDOW_BYTES).fill(MULAW_SILENCE)))
      end()
    },
    free: () => decoder.free(),
  }
}

/** How far above what is still accepted: half at 5 above, nearly one at 15 above. */
function confidenceOf(margin: number, rejectBelow: number): number {
  if (rejectBelow === -Infinity) return 1
  return Math.round(100 / (1 + Math.exp(-(margin - rejectBelow - 5) / 3))) / 100
}
