/** The way to the caller, as far as tones need it. */
export interface ToneLine {
  /** Queues one 20 ms frame (copied). `false`: no room, wait for `room()`. */
  write(frame: Uint8Array): boolean
  room(): Promise<void>
  /** Resolves when everything written before it has gone out, or never will. */
  cue(): Promise<unknown>
  /** Goes up with every interruption. */
  readonly epoch: number
}

/**
 * Writes frames to the way to the caller, waiting for room, and resolves when they have gone out. Stops at once when
 * the line is interrupted or `signal` aborts: what a `clear` took back is not sent after it. The caller of this sees
 * to it that nobody else writes meanwhile.
 */
export async function playTones(
  line: ToneLine,
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
