import { readFileSync, writeFileSync } from 'node:fs'
import { createResampler, decodeMulaw, readWav, writeWav } from '@kav/core/audio'

/** What a microphone hears: recordings with silence between them, as a file that Chromium plays into it. */
export function writeMicrophoneFile(
  file: string,
  script: readonly (string | { readonly silenceMs: number })[],
): string {
  const parts = script.map((part) =>
    typeof part === 'string' ? recording(part) : new Int16Array(Math.round(part.silenceMs * SAMPLES_PER_MS)),
  )
  const samples = Int16Array.from(parts.flatMap((part) => [...part]))
  writeFileSync(
    file,
    writeWav({ encoding: 'linear16', sampleRateHz: RATE_HZ }, 1, new Uint8Array(samples.buffer)),
  )
  return file
}

/** Chromium’s own: it takes others, and resamples them without a filter. */
const RATE_HZ = 48_000
const SAMPLES_PER_MS = RATE_HZ / 1000

function recording(path: string): Int16Array {
  const { format, channels, audio } = readWav(readFileSync(path))
  if (channels !== 1) throw new Error(`${path} has ${channels} channels`)
  const narrow = format.encoding === 'mulaw' ? decodeMulaw(audio) : new Int16Array(audio.slice().buffer)
  const resampler = createResampler({ fromHz: format.sampleRateHz, toHz: RATE_HZ })
  return Int16Array.from([...resampler.process(narrow), ...resampler.flush()])
}
