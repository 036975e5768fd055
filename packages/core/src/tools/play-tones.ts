import type { TxLine } from '../pipeline/tx-line.ts'

/**
 * Writes frames to the way to the caller, waiting for room, and resolves when they have gone out. Stops at once when
 * the line is interrupted or `signal` aborts: what a `clear` took back is not sent after it. The caller of this sees
 * to it that nobody else writes meanwhile.
 */
export async function playTones(
  line: Pick<TxLine, 'write' | 'room' | 'cue' | 'epoch'>,
  frames: readonly Uint8Array[],
  signal: AbortSignal,
): Promise<void> {
  const { epoch } = line
  for (const frame of frames) {
    while (!signal.aborted && line.epoch === epoch && !line.write(frame)) await line.room()
    if (signal.aborted || line.epoch !== epoch) return
  }
  await line.cue()
}
