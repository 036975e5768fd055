import type { AudioFormat } from '@kav/core'
import { type CallTap, createSampleDecoder } from '@kav/core/host'

/** How loud both sides are: attached to a call only while somebody watches it. */
export interface LevelMeter {
  readonly tap: CallTap
  /** Of all since it was read last, in dBFS. */
  read(): { readonly callerDb: number; readonly agentDb: number }
}

const SILENCE_DB = -96
const FULL_SCALE = 32768

export function createLevelMeter(format: AudioFormat): LevelMeter {
  const [caller, agent] = [createSide(format), createSide(format)]
  return {
    tap: {
      onCallerAudio: caller.add,
      onAgentFrame: agent.add,
      onCleared: () => undefined,
      close: () => undefined,
    },
    read: () => ({ callerDb: caller.read(), agentDb: agent.read() }),
  }
}

function createSide(format: AudioFormat) {
  const decoder = createSampleDecoder(format)
  let squares = 0
  let count = 0
  return {
    add(audio: Uint8Array): void {
      const samples = decoder.decode(audio)
      for (const sample of samples) squares += sample * sample
      count += samples.length
    },
    read(): number {
      const rms = count === 0 ? 0 : Math.sqrt(squares / count) / FULL_SCALE
      squares = 0
      count = 0
      return rms === 0 ? SILENCE_DB : Math.max(SILENCE_DB, Math.round(20 * Math.log10(rms) * 10) / 10)
    },
  }
}
