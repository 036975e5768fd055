import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import {
  createConverter,
  decodeMulaw,
  frameBytes,
  MULAW_8K,
  MULAW_SILENCE,
  readWav,
  type AudioFormat,
} from '@kav/core'
import { whyUnread } from './file-fault.ts'
import { PhoneError } from './phone-error.ts'

/** What a clip is to the agent, where whoever says it knows. */
export type ClipMeaning = 'words' | 'backchannel' | 'vocal-tic' | 'not-to-agent'

/** Speech ready for the wire, made once and shared by any number of calls. */
export interface Clip {
  readonly name: string
  readonly durationMs: number
  /** Where the voice in it begins and ends (25 dB under its loudest frame), from the start of the clip. */
  readonly voicedStartMs: number
  readonly voicedEndMs: number
  /** Mu-law at 8 kHz, padded with silence to whole frames. */
  readonly mulaw: Uint8Array
  /** The base64 of each 20 ms frame. */
  readonly payloads: readonly string[]
  /** For the panel, which derives it from the clip's length and place where it is absent. */
  readonly meant?: ClipMeaning
}

const FRAME_BYTES = frameBytes(MULAW_8K)
const VOICED_BELOW_PEAK_DB = 25

/** Loads a WAV file: 16-bit PCM, mu-law or A-law, any rate; the first channel of several. */
export function loadClip(path: string): Clip {
  let file: Uint8Array
  try {
    file = readFileSync(path)
  } catch (thrown) {
    throw new PhoneError(
      'KAV_PHONE_AUDIO_INVALID',
      `cannot read the recording ${path}: ${whyUnread(thrown)}`,
      { cause: thrown },
    )
  }
  try {
    const { format, channels, audio } = readWav(file)
    return createClip(basename(path), firstChannel(format, channels, audio), format)
  } catch (thrown) {
    if (thrown instanceof PhoneError) throw thrown
    const why = thrown instanceof Error ? thrown.message : String(thrown)
    throw new PhoneError('KAV_PHONE_AUDIO_INVALID', `${path}: ${why}`, { cause: thrown })
  }
}

/** A clip from bytes in any format. Throws `KAV_PHONE_AUDIO_INVALID` when there are none. */
export function createClip(name: string, audio: Uint8Array, format: AudioFormat = MULAW_8K): Clip {
  const converter = createConverter(format, MULAW_8K)
  const head = new Uint8Array(converter.convert(audio))
  const tail = converter.flush()
  const bytes = head.length + tail.length
  if (bytes === 0) throw new PhoneError('KAV_PHONE_AUDIO_INVALID', `${name}: holds no audio`)
  const mulaw = new Uint8Array(Math.ceil(bytes / FRAME_BYTES) * FRAME_BYTES).fill(MULAW_SILENCE)
  mulaw.set(head)
  mulaw.set(tail, head.length)
  const payloads: string[] = []
  const buffer = Buffer.from(mulaw.buffer)
  for (let at = 0; at < mulaw.length; at += FRAME_BYTES) {
    payloads.push(buffer.toString('base64', at, at + FRAME_BYTES))
  }
  return { name, durationMs: mulaw.length / 8, ...findVoice(mulaw), mulaw, payloads }
}

function firstChannel(format: AudioFormat, channels: number, audio: Uint8Array): Uint8Array {
  if (channels === 1) return audio
  const sampleBytes = format.encoding === 'linear16' ? 2 : 1
  const samples = Math.floor(audio.length / (sampleBytes * channels))
  const mono = new Uint8Array(samples * sampleBytes)
  for (let i = 0; i < samples; i++) {
    for (let b = 0; b < sampleBytes; b++)
      mono[i * sampleBytes + b] = audio[i * sampleBytes * channels + b] ?? 0
  }
  return mono
}

function findVoice(mulaw: Uint8Array): { voicedStartMs: number; voicedEndMs: number } {
  const samples = decodeMulaw(mulaw)
  const frames = mulaw.length / FRAME_BYTES
  const energies = Array.from({ length: frames }, (_, frame) =>
    samples.subarray(frame * FRAME_BYTES, (frame + 1) * FRAME_BYTES).reduce((sum, s) => sum + s * s, 0),
  )
  const threshold = Math.max(...energies) * 10 ** (-VOICED_BELOW_PEAK_DB / 10)
  if (threshold === 0) return { voicedStartMs: 0, voicedEndMs: 0 }
  const first = energies.findIndex((energy) => energy >= threshold)
  const last = energies.findLastIndex((energy) => energy >= threshold)
  return { voicedStartMs: first * 20, voicedEndMs: (last + 1) * 20 }
}
