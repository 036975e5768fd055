import type { FrameClockSeat } from '../frame-clock.ts'
import type { CallSession, CallSessionParts } from './call-session-parts.ts'

/** A call whose chain is wired and runs. */
export interface WiredCall extends CallSession {
  /** Something threw that the frame clock woke: the call ends for it. */
  lineFailed(error: unknown): void
}

/** What it is wired from. */
export interface WiredParts extends CallSessionParts {
  readonly seat: FrameClockSeat
}

/**
 * Begins a call at a seat of its own at the frame clock. One that cannot begin throws, and leaves nothing behind: no
 * seat, at which an alarm may be set already, and no beginning without an end in what is told of it.
 */
export function beginCall(parts: CallSessionParts, wire: (parts: WiredParts) => WiredCall): CallSession {
  const { frameClock, telemetry } = parts
  let call: WiredCall | undefined
  const seat = frameClock.join((error) => call?.lineFailed(error))
  try {
    call = wire({ ...parts, seat })
    return call
  } catch (error) {
    seat.leave()
    telemetry.stageFailed('start', error)
    telemetry.callEnded({ duration_ms: 0, ended_by: 'failure' })
    throw error
  }
}
