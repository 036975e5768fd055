import { panelOfCall } from './call-panel.ts'
import { findOverlaps, findResponses, summarizePlayout, type CallResult } from './call-result.ts'
import type { Paced } from './pacer.ts'
import type { PhoneCallParts } from './phone-call-parts.ts'
import type { CallEnd } from './phone-event.ts'

/** How long the server may take to answer the closing handshake. */
const CLOSE_TIMEOUT_MS = 2000

/** The ways a call ends; only the first one counts. */
export interface PhoneCallEnd {
  /** Nothing more is heard or said. False when the call was over already. */
  end(by: CallEnd): boolean
  /** `stop`, then the closing handshake. */
  stopAndClose(by: CallEnd): void
  /** The socket is closed: the result is known. */
  settle(closeCode: number): void
}

export function createPhoneCallEnd(parts: PhoneCallParts, paced: Paced): PhoneCallEnd {
  const { wire, options, state, now, messages, log, waits, ear, caller } = parts
  const { pacer } = options

  function end(by: CallEnd): boolean {
    if (state.endedBy) return false
    state.endedBy = by
    state.durationMs = now()
    state.cutOffBytes = ear.end(state.durationMs)
    caller.stop()
    return true
  }

  return {
    end,
    stopAndClose(by) {
      if (state.endedBy) return
      caller.run(now())
      caller.line.drain()
      end(by)
      wire.send(messages.stop())
      state.closeDeadlineMs = pacer.clock.nowMs() + CLOSE_TIMEOUT_MS
      wire.close()
    },
    settle(closeCode) {
      if (state.closeCode !== undefined) return
      state.closeCode = closeCode
      pacer.leave(paced)
      if (state.slotMs !== undefined) {
        pacer.releaseSlot(state.slotMs)
        const broken = state.endedBy === 'connection-lost'
        options.statusCallback?.report(broken ? 'stream-error' : 'stream-stopped', log.violate)
      }
      const by = state.endedBy ?? 'agent'
      log.tell({ type: 'ended', by, closeCode }, state.durationMs)
      parts.finish(resultOf(parts, by, closeCode))
      waits.end(`the call was over (ended by: ${by})`)
    },
  }
}

function resultOf(parts: PhoneCallParts, endedBy: CallEnd, closeCode: number): CallResult {
  const { options, state, log, ear } = parts
  const { playout } = ear
  const timeline = log.timeline()
  const firstAudioMs = playout.segments[0]?.startMs
  return {
    callSid: options.identity.callSid,
    streamSid: options.streamSid,
    startedAt: parts.startedAt,
    durationMs: state.durationMs,
    endedBy,
    closeCode,
    setup: { ...options.setup, ...(firstAudioMs !== undefined && { firstAudioMs }) },
    sent: { frames: state.sentFrames, dtmf: state.sentDtmf },
    received: {
      ...ear.timing.summary(),
      messages: state.receivedMessages,
      wrongSizePayloads: ear.wrongSizePayloads,
    },
    playout: summarizePlayout(playout, state.cutOffBytes),
    marks: playout.marks,
    responses: findResponses(timeline),
    overlaps: findOverlaps(timeline, playout.segments),
    panel: panelOfCall(timeline, playout.segments, state.durationMs),
    violations: log.violations(),
    ownLagMs: options.pacer.lagMs(),
    timeline,
  }
}
