const HEAD = '{"type":"input_audio_buffer.append","audio":"'
const TAIL = '"}'

/**
 * The `input_audio_buffer.append` event for a piece of audio. Called for every write of every call, so it goes
 * round `JSON.stringify`: base64 needs no escaping.
 */
export function appendEvent(audio: Uint8Array): string {
  return HEAD + Buffer.from(audio.buffer, audio.byteOffset, audio.byteLength).toString('base64') + TAIL
}

/** The names Realtime has for Kav's formats (`audio/pcm` is 24 kHz only). */
export function realtimeFormat(format: { readonly encoding: string; readonly sampleRateHz: number }) {
  if (format.encoding === 'mulaw') return { type: 'audio/pcmu' }
  if (format.encoding === 'alaw') return { type: 'audio/pcma' }
  return { type: 'audio/pcm', rate: format.sampleRateHz }
}
