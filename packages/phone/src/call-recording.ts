import { MULAW_8K, MULAW_SILENCE, decodeMulaw, writeWav } from '@kav/core'

/** Both sides of a call on one time line, as heard at the caller's ear. One byte is one sample at 8 kHz. */
export interface CallRecording {
  write(side: 'caller' | 'agent', atSample: number, mulaw: Uint8Array): void
  /** The agent's audio from here on was discarded before it was heard. */
  cutAgent(atSample: number): void
  /** Mu-law of one side, as long as the other. */
  channel(side: 'caller' | 'agent'): Uint8Array
  /** 8 kHz, 16-bit, stereo: the caller left, the agent right. */
  toWav(): Uint8Array
}

interface Track {
  bytes: Uint8Array
  length: number
}

export function createCallRecording(): CallRecording {
  const tracks: Record<'caller' | 'agent', Track> = { caller: emptyTrack(), agent: emptyTrack() }

  function channel(side: 'caller' | 'agent'): Uint8Array {
    const samples = Math.max(tracks.caller.length, tracks.agent.length)
    const whole = new Uint8Array(samples).fill(MULAW_SILENCE)
    whole.set(tracks[side].bytes.subarray(0, tracks[side].length))
    return whole
  }

  return {
    write(side, atSample, mulaw) {
      const track = tracks[side]
      const end = atSample + mulaw.length
      if (end > track.bytes.length) {
        const larger = new Uint8Array(Math.max(end, track.bytes.length * 2)).fill(MULAW_SILENCE)
        larger.set(track.bytes.subarray(0, track.length))
        track.bytes = larger
      }
      track.bytes.set(mulaw, atSample)
      track.length = Math.max(track.length, end)
    },
    cutAgent(atSample) {
      const track = tracks.agent
      if (atSample >= track.length) return
      track.bytes.fill(MULAW_SILENCE, atSample, track.length)
      track.length = atSample
    },
    channel,
    toWav() {
      const left = decodeMulaw(channel('caller'))
      const right = decodeMulaw(channel('agent'))
      const stereo = Buffer.alloc(left.length * 4)
      for (let i = 0; i < left.length; i++) {
        stereo.writeInt16LE(left[i] ?? 0, i * 4)
        stereo.writeInt16LE(right[i] ?? 0, i * 4 + 2)
      }
      return writeWav({ encoding: 'linear16', sampleRateHz: MULAW_8K.sampleRateHz }, 2, stereo)
    },
  }
}

function emptyTrack(): Track {
  return { bytes: new Uint8Array(8000 * 30).fill(MULAW_SILENCE), length: 0 }
}
