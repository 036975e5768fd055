import { FRAME_MS, frameBytes } from '../../contracts/audio.ts'
import type { TransportCall } from '../../contracts/transport.ts'
import type { CallTap } from '../call-tap.ts'
import type { CallSettings } from '../call-settings.ts'
import type { FrameReader } from './frame-queue.ts'
import type { PlayoutClock } from './playout-clock.ts'
import type { OpenMark, TxControl } from './tx-line.ts'

/**
 * tx-queue -> wire. THE ONLY WIRE WRITER: nobody else holds the tx reader, and nobody else calls the call's
 * `send`, `mark` and `clear`.
 *
 * One rule paces it: send while the queue has frames and the far end holds less than `LEAD_MS`. On average that is
 * 50 frames a second, it never drifts, a late wake catches up by itself, and a stall shorter than the lead is not
 * heard. Control goes out on every tick; media in the call's own slot, or at once when the far end has run dry.
 */
export interface TxWorker {
  onTick(nowMs: number): void
  onFrame(nowMs: number): void
  /** A mark came back from the far end. */
  markReturned(name: string, nowMs: number): void
  readonly counters: TxCounters
}

export interface TxCounters {
  framesSent: number
  /** Times the far end ran dry in mid-utterance, and for how long in all. */
  underruns: number
  underrunMs: number
  /** Wakes on which frames were held back because the socket's buffer was full. */
  heldBySocket: number
  clears: number
  marksSent: number
  /** Marks that came back after the `clear` that voided them, or that were never sent. */
  staleMarks: number
  /** Marks that never came back, long after what was before them should have been heard. */
  marksMissing: number
}

/** How late a mark may be: the network both ways, and a far end that plays behind. */
const MARK_GRACE_MS = 3000

export function createTxWorker(parts: {
  reader: FrameReader<TxControl>
  call: TransportCall
  settings: CallSettings['txQueue']
  playout: PlayoutClock
  openMarks: OpenMark[]
  taps: readonly CallTap[]
}): TxWorker {
  const { reader, call, settings, playout, openMarks, taps } = parts
  const frame = Buffer.alloc(frameBytes(call.format))
  // On the wire a frame is base64 in JSON: about twice its bytes.
  const maxBufferedBytes = settings.sendMaxFrames * frame.length * 2
  /** Media went out and no mark since: running dry now would be heard as a gap inside a clause. */
  let midUtterance = false
  const counters: TxCounters = {
    framesSent: 0,
    underruns: 0,
    underrunMs: 0,
    heldBySocket: 0,
    clears: 0,
    marksSent: 0,
    staleMarks: 0,
    marksMissing: 0,
  }

  function sendControl(nowMs: number): void {
    const control = reader.readControl()
    if (control.type === 'cue') return control.settle('played')
    midUtterance = false
    if (control.type === 'clear') {
      call.clear()
      playout.cleared(nowMs)
      counters.clears++
      for (const tap of taps) tap.onCleared(nowMs)
      return
    }
    const dueMs = nowMs + playout.aheadMs(nowMs) + MARK_GRACE_MS
    openMarks.push({ name: control.name, positionMs: playout.sentMs, dueMs, settle: control.settle })
    call.mark(control.name)
    counters.marksSent++
  }

  /** A far end that never returns a mark must not hold up a hang-up: the playout clock's word is taken instead. */
  function giveUpOnMarks(nowMs: number): void {
    while (openMarks.length > 0 && nowMs > openMarks[0]!.dueMs) {
      counters.marksMissing++
      openMarks.shift()!.settle('played')
    }
  }

  function sendFrame(nowMs: number): void {
    reader.readMedia(frame, 0)
    const playAtMs = nowMs + playout.aheadMs(nowMs)
    const dryMs = playout.sent(nowMs, FRAME_MS)
    if (midUtterance && dryMs > 0) {
      counters.underruns++
      counters.underrunMs += dryMs
    }
    midUtterance = true
    call.send(frame)
    counters.framesSent++
    for (const tap of taps) tap.onAgentFrame(frame, playAtMs)
  }

  /**
   * A far end that has run dry gets the whole lead. Otherwise a wake sends its one frame, and more only for whole
   * frames it is behind: measured by the lead alone, a wake a little early or late would send none or two.
   */
  function pump(nowMs: number, media: boolean): void {
    let dry = false
    let sent = false
    for (;;) {
      const next = reader.peek()
      if (next === 'control') {
        sendControl(nowMs)
        continue
      }
      if (next !== 'media' || !media) return
      const aheadMs = playout.aheadMs(nowMs)
      dry ||= aheadMs === 0
      if (sent && !dry ? aheadMs > settings.leadMs - FRAME_MS : aheadMs >= settings.leadMs) return
      if (call.bufferedBytes > maxBufferedBytes) {
        counters.heldBySocket++
        return
      }
      sendFrame(nowMs)
      sent = true
    }
  }

  return {
    onTick: (nowMs) => {
      const next = reader.peek()
      if (next === 'control') pump(nowMs, false)
      else if (next === 'media' && playout.aheadMs(nowMs) === 0) pump(nowMs, true)
    },
    onFrame(nowMs) {
      if (openMarks.length > 0) giveUpOnMarks(nowMs)
      pump(nowMs, true)
    },
    markReturned(name, nowMs) {
      const index = openMarks.findIndex((mark) => mark.name === name)
      if (index < 0) {
        counters.staleMarks++
        return
      }
      // Marks return in order: one that overtook others proves those too.
      for (const mark of openMarks.splice(0, index + 1)) {
        playout.markReturned(nowMs, mark.positionMs)
        mark.settle('played')
      }
    },
    counters,
  }
}
