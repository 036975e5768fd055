/**
 * Audio crosses every contract as bytes in a format agreed beforehand, mono.
 * A `Uint8Array` handed to a callee is lent: it is valid until the call returns, copy it to keep it.
 */
export interface AudioFormat {
  readonly encoding: 'mulaw' | 'alaw' | 'linear16'
  readonly sampleRateHz: number
}

/** The phone's own format: G.711 mu-law, 8 kHz, one byte a sample (ITU-T G.711). */
export const MULAW_8K: AudioFormat = Object.freeze({ encoding: 'mulaw', sampleRateHz: 8000 })

/** Length of one frame, everywhere in Kav. */
export const FRAME_MS = 20

/** Silence in mu-law is 0xFF. A zero byte is full-scale noise. */
export const MULAW_SILENCE = 0xff

/** Bytes one second of this format takes. */
export function bytesPerSecond(format: AudioFormat): number {
  return format.encoding === 'linear16' ? format.sampleRateHz * 2 : format.sampleRateHz
}

/** Bytes one 20 ms frame of this format takes (160 for mu-law 8 kHz). */
export function frameBytes(format: AudioFormat): number {
  return (bytesPerSecond(format) * FRAME_MS) / 1000
}

/** How long `byteLength` bytes of this format play. */
export function durationMs(format: AudioFormat, byteLength: number): number {
  return (byteLength * 1000) / bytesPerSecond(format)
}

export function sameFormat(a: AudioFormat, b: AudioFormat): boolean {
  return a.encoding === b.encoding && a.sampleRateHz === b.sampleRateHz
}

/** `mulaw/8000`, as logs and problems spell a format. */
export function formatName(format: AudioFormat): string {
  return `${format.encoding}/${format.sampleRateHz}`
}
