/**
 * Two clocks of one stream: the provider counts all audio it got, the core only what it wrote itself. The ledger
 * knows where silence was put in between and takes it out of the provider's offsets.
 */
export interface SilenceLedger {
  /** Audio of the core, in ms. */
  readonly coreMs: number
  /** All audio of the stream, in ms. */
  readonly streamMs: number
  wrote(audioMs: number): void
  injected(audioMs: number): void
  /** Offset in the core's audio of an offset in the stream. Inside injected silence: where it was put in. */
  toCoreMs(streamMs: number): number
}

export function createSilenceLedger(): SilenceLedger {
  const gaps: { atStreamMs: number; lengthMs: number }[] = []
  let coreMs = 0
  let streamMs = 0
  return {
    get coreMs() {
      return coreMs
    },
    get streamMs() {
      return streamMs
    },
    wrote(audioMs) {
      coreMs += audioMs
      streamMs += audioMs
    },
    injected(audioMs) {
      const last = gaps.at(-1)
      if (last !== undefined && last.atStreamMs + last.lengthMs === streamMs) last.lengthMs += audioMs
      else gaps.push({ atStreamMs: streamMs, lengthMs: audioMs })
      streamMs += audioMs
    },
    toCoreMs(offsetMs) {
      let silenceMs = 0
      for (const gap of gaps) {
        if (gap.atStreamMs >= offsetMs) break
        silenceMs += Math.min(gap.lengthMs, offsetMs - gap.atStreamMs)
      }
      return Math.min(coreMs, offsetMs - silenceMs)
    },
  }
}
