import { request } from '../api/request.ts'
import { type Wave, waveOf } from './wav.ts'

/** Finer than any screen. */
const POINTS = 4000

export interface Recording {
  /** Of the whole file, for an audio element; to be revoked. */
  readonly url: string
  /** Absent: it can be heard, not drawn. */
  readonly wave: Wave | undefined
}

/** Fetches the recording with the token, which an audio element cannot send. */
export async function loadRecording(id: string, signal: AbortSignal): Promise<Recording> {
  const response = await request(`/api/history/${encodeURIComponent(id)}/recording`, { signal })
  const bytes = await response.arrayBuffer()
  const url = URL.createObjectURL(new Blob([bytes], { type: 'audio/wav' }))
  return { url, wave: waveOf(bytes, POINTS) }
}
