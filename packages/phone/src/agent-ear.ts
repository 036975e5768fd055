import { FRAME_MS, MULAW_TO_LINEAR } from '@kav/core'
import { createArrivalTiming, type ArrivalTiming } from './arrival-timing.ts'
import type { CallRecording } from './call-recording.ts'
import type { PhoneEventBody } from './phone-event.ts'
import { createPlayout, type Playout } from './protocol/playout.ts'
import type { ServerMessage } from './server-messages.ts'

/** The agent's half of a call, as the far end hears it: played, timed, recorded. */
export interface AgentEar {
  receive(nowMs: number, message: ServerMessage): void
  /** The call is over. Returns the bytes that were never heard. */
  end(nowMs: number): number
  readonly playout: Playout
  readonly timing: ArrivalTiming
  readonly wrongSizePayloads: number
}

export interface AgentEarOptions {
  readonly tell: (event: PhoneEventBody, atMs?: number) => void
  readonly sendMark: (name: string) => void
  readonly recording: CallRecording | undefined
  readonly ownLagMs: () => number
}

const FRAME_BYTES = 160
/** A sample this loud can be heard: −36 dBFS. */
const AUDIBLE = 500
/** Audio that follows a mark within this time goes on in the rhythm of what came before. */
const SAME_RHYTHM_MS = 1.5 * FRAME_MS

export function createAgentEar({ tell, sendMark, recording, ownLagMs }: AgentEarOptions): AgentEar {
  const timing = createArrivalTiming()
  let lookForVoice = false
  let wrongSizePayloads = 0
  let boundary: 'none' | 'mark' | 'clear' = 'clear'
  let lastArrivalMs = -Infinity
  const playout = createPlayout({
    onSpeechStarted(atMs) {
      lookForVoice = true
      tell({ type: 'agent-speech-started' }, atMs)
    },
    onSpeechStopped: (atMs) => tell({ type: 'agent-speech-stopped' }, atMs),
    onMarkReturned(mark) {
      const { name, label } = mark
      sendMark(name)
      tell({ type: 'mark-returned', name, label, cleared: mark.cleared === true })
    },
    onUnderrun: (atMs, gapMs) => tell({ type: 'underrun', gapMs, ownLagMs: ownLagMs() }, atMs),
  })

  function play(nowMs: number, audio: Uint8Array): void {
    const atSample = playout.receive(nowMs, audio.length)
    const paused = nowMs - lastArrivalMs > SAME_RHYTHM_MS
    timing.add(nowMs, audio.length / 8, boundary === 'clear' || (boundary === 'mark' && paused))
    boundary = 'none'
    lastArrivalMs = nowMs
    if (audio.length !== FRAME_BYTES) wrongSizePayloads++
    if (lookForVoice) {
      const at = audio.findIndex((code) => Math.abs(MULAW_TO_LINEAR[code]!) >= AUDIBLE)
      if (at >= 0) {
        lookForVoice = false
        tell({ type: 'agent-audible' }, (atSample + at) / 8)
      }
    }
    recording?.write('agent', atSample, audio)
  }

  /** The recording ends where the playing did. */
  function cut(discardedBytes: number): number {
    if (discardedBytes > 0) recording?.cutAgent(playout.silentSinceMs * 8)
    return discardedBytes
  }

  return {
    receive(nowMs, message) {
      if (message.type === 'media') {
        play(nowMs, message.audio)
      } else if (message.type === 'mark') {
        boundary = boundary === 'none' ? 'mark' : boundary
        playout.mark(nowMs, message.name)
      } else {
        boundary = 'clear'
        const discarded = cut(playout.clear(nowMs))
        tell({ type: 'clear', discardedMs: discarded / 8 })
      }
    },
    end: (nowMs) => cut(playout.end(nowMs)),
    playout,
    timing,
    get wrongSizePayloads() {
      return wrongSizePayloads
    },
  }
}
