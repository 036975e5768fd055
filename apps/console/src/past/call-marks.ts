import type { CallRecord, RecordedEvent } from '@kav/client'
import type { WaveMark } from '../recording/draw-wave.ts'

const FAULT = /_failed$|_lost$|_fell_back$|^gave_up$|^stt_recognize_per_utterance$/

/** What of a call's events is worth a mark on its waveform. */
export function marksOf({ events }: CallRecord): readonly WaveMark[] {
  return events.flatMap((event) => {
    const kind = kindOf(event)
    return kind === undefined ? [] : [{ atMs: event.atMs, kind }]
  })
}

function kindOf({ event }: RecordedEvent): WaveMark['kind'] | undefined {
  if (event === 'turn_ended') return 'turn'
  if (event === 'interrupted') return 'interruption'
  if (event === 'tool_called') return 'tool'
  return FAULT.test(event) ? 'fault' : undefined
}
