import type { AudioFormat } from '../../contracts/audio.ts'
import type { CallTelemetry } from '../../telemetry/call-telemetry.ts'
import type { Floor } from '../speaking/floor.ts'
import { type RecordedLine, speakRecordedLine } from './recorded-line.ts'
import { createUtterance } from './utterance.ts'

/**
 * Plays the line with the floor of its own, which ends what was being said. Resolves when the caller has heard it, or
 * the floor is lost: the call is over.
 */
export async function playRecordedLine(
  line: RecordedLine,
  turn: number,
  parts: { readonly floor: Floor; readonly format: AudioFormat; readonly telemetry: CallTelemetry },
): Promise<void> {
  const abort = new AbortController()
  parts.floor.interrupt('other')
  const grant = parts.floor.take({ onLost: () => abort.abort() })
  if (grant.lost) return
  const utterance = createUtterance()
  const { signal } = abort
  await speakRecordedLine(line, parts, { turn, utterance, signal, granted: () => Promise.resolve(grant) })
  if (!signal.aborted) await grant.mark('recorded_line')
}
