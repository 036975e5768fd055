import { type AudioFormat, createConverter, MULAW_8K } from '@kav/core'
import { type CallTap, createReframer } from '@kav/core/host'
import type { HeardFrame } from './live-call.ts'

/**
 * Both sides of a call as 20 ms of mu-law, for one who listens. The agent's frames come as they are sent, up to the
 * line's lead before the caller hears them.
 */
export function createListeningTap(format: AudioFormat, onFrame: (frame: HeardFrame) => void): CallTap {
  const caller = createSide(format, 'caller', onFrame)
  const agent = createSide(format, 'agent', onFrame)
  return {
    onCallerAudio: caller,
    onAgentFrame: agent,
    onCleared: () => undefined,
    close: () => undefined,
  }
}

function createSide(format: AudioFormat, side: HeardFrame['side'], onFrame: (frame: HeardFrame) => void) {
  const converter = createConverter(format, MULAW_8K)
  const reframer = createReframer(MULAW_8K)
  return (audio: Uint8Array): void =>
    reframer.push(converter.convert(audio), (frame) =>
      onFrame({ type: 'audio', side, bytes: Uint8Array.from(frame) }),
    )
}
