import { FRAME_MS } from '@kav/core'
import { createAgentEar } from './agent-ear.ts'
import { createCallLog } from './call-log.ts'
import { createCallRecording } from './call-recording.ts'
import { findOverlaps, findResponses, summarizePlayout, type CallResult } from './call-result.ts'
import { createCallWaits } from './call-waits.ts'
import { createCallerSide } from './caller-side.ts'
import type { Paced } from './pacer.ts'
import type { PhoneCall, PhoneCallHandle, PhoneCallOptions, StreamWire } from './phone-call.ts'
import type { CallEnd } from './phone-event.ts'
import { createEchoReader, createServerMessageReader } from './server-messages.ts'
import { createStreamMessages } from './stream-messages.ts'

/** How long the server may take to answer the closing handshake. */
const CLOSE_TIMEOUT_MS = 2000

/** Starts the call on an open socket: sends `connected` and `start`, and media from the next frame on. */
export function openPhoneCall(wire: StreamWire, options: PhoneCallOptions): PhoneCallHandle {
  const { identity, streamSid, pacer, strict = true, startDelayMs = 0 } = options
  const { clock } = pacer
  const { callSid } = identity
  const startedAt = new Date(clock.wallMs()).toISOString()
  const openedMs = clock.nowMs()
  let originMs = openedMs
  let slotMs: number | undefined
  let endedBy: CallEnd | undefined
  let closeCode: number | undefined
  let closeDeadlineMs = Infinity
  let durationMs = 0
  let cutOffBytes = 0
  let sentFrames = 0
  let sentDtmf = 0
  let receivedMessages = 0
  let finish: (result: CallResult) => void
  const finished = new Promise<CallResult>((resolve) => {
    finish = resolve
  })

  const now = (): number => clock.nowMs() - originMs
  const messages = createStreamMessages(identity, streamSid)
  const waits = createCallWaits(now)
  const log = createCallLog(now, options.onEvent)
  const { tell, violate } = log
  const recording = options.record === false ? undefined : createCallRecording()
  const reader = strict ? createServerMessageReader(streamSid, violate) : createEchoReader()
  const ear = createAgentEar({
    tell,
    recording,
    ownLagMs: () => pacer.overdueMs(),
    sendMark(name) {
      if (!endedBy) wire.send(messages.mark(name))
    },
  })
  const caller = createCallerSide({
    tell,
    recording,
    random: options.random ?? Math.random,
    send(timestampMs, payload) {
      wire.send(messages.media(timestampMs, payload))
      sentFrames++
    },
  })

  function begin(): void {
    originMs = clock.nowMs()
    wire.send(messages.start(options.parameters))
    slotMs = pacer.claimSlot()
    caller.begin(slotMs + FRAME_MS - originMs)
    tell({ type: 'stream-started', callSid, streamSid }, 0)
    for (const text of options.violations ?? []) violate(text)
    options.statusCallback?.report('stream-started', violate)
  }

  const paced: Paced = {
    get dueMs() {
      if (endedBy) return closeDeadlineMs
      if (slotMs === undefined) return openedMs + startDelayMs
      return originMs + Math.min(caller.nextDueMs, ear.playout.nextDueMs)
    },
    onDue(pacerNowMs) {
      if (endedBy) {
        wire.terminate()
        settle(1006)
        return
      }
      if (slotMs === undefined) begin()
      const nowMs = pacerNowMs - originMs
      caller.run(nowMs)
      ear.playout.advance(nowMs)
      waits.check(nowMs)
    },
  }

  function receive(data: Buffer, isBinary: boolean): void {
    if (endedBy) return
    receivedMessages++
    if (isBinary && strict) return violate('binary message (Twilio warning 31950)')
    if (slotMs === undefined) return violate('message before start')
    const message = reader.read(data)
    if (!message) return
    const nowMs = now()
    ear.receive(nowMs, message)
    if (message.type !== 'media') waits.check(nowMs)
  }

  function end(by: CallEnd): boolean {
    if (endedBy) return false
    endedBy = by
    durationMs = now()
    cutOffBytes = ear.end(durationMs)
    caller.stop()
    return true
  }

  function stopAndClose(by: CallEnd): void {
    if (endedBy) return
    caller.run(now())
    caller.line.drain()
    end(by)
    wire.send(messages.stop())
    closeDeadlineMs = clock.nowMs() + CLOSE_TIMEOUT_MS
    wire.close()
  }

  function settle(code: number): void {
    if (closeCode !== undefined) return
    closeCode = code
    pacer.leave(paced)
    if (slotMs !== undefined) {
      pacer.releaseSlot(slotMs)
      const broken = endedBy === 'connection-lost'
      options.statusCallback?.report(broken ? 'stream-error' : 'stream-stopped', violate)
    }
    const by = endedBy ?? 'agent'
    tell({ type: 'ended', by, closeCode: code }, durationMs)
    finish(result(by, code))
    waits.end(`the call was over (ended by: ${by})`)
  }

  function result(by: CallEnd, code: number): CallResult {
    const { playout } = ear
    const timeline = log.timeline()
    const firstAudioMs = playout.segments[0]?.startMs
    return {
      callSid,
      streamSid,
      startedAt,
      durationMs,
      endedBy: by,
      closeCode: code,
      setup: { ...options.setup, ...(firstAudioMs !== undefined && { firstAudioMs }) },
      sent: { frames: sentFrames, dtmf: sentDtmf },
      received: {
        ...ear.timing.summary(),
        messages: receivedMessages,
        wrongSizePayloads: ear.wrongSizePayloads,
      },
      playout: summarizePlayout(playout, cutOffBytes),
      marks: playout.marks,
      responses: findResponses(timeline),
      overlaps: findOverlaps(timeline, playout.segments),
      violations: log.violations(),
      ownLagMs: pacer.lagMs(),
      timeline,
    }
  }

  const call: PhoneCall = {
    callSid,
    streamSid,
    get nowMs() {
      return now()
    },
    get ended() {
      return endedBy !== undefined
    },
    get endedBy() {
      return endedBy
    },
    finished,
    get sentFrames() {
      return sentFrames
    },
    playout: ear.playout,
    timing: ear.timing,
    recording,
    say: (clip) => (endedBy ? Promise.resolve(false) : caller.say(clip)),
    loop: (clip) => caller.loop(clip),
    sendDtmf(digit) {
      if (endedBy) return
      wire.send(messages.dtmf(digit))
      sentDtmf++
      tell({ type: 'dtmf-sent', digit })
    },
    goSilent: (forMs) => caller.silenceUntil(forMs === undefined ? Infinity : now() + forMs),
    setJitterMs: (jitterMs) => caller.line.setJitterMs(jitterMs),
    setLateMs: (lateMs) => caller.line.setLateMs(lateMs),
    holdMedia: (holdMs) => caller.line.holdUntil(now() + holdMs),
    until: (condition, waitOptions) => waits.until(condition, waitOptions),
    hangUp: () => stopAndClose('caller'),
    endFromCarrier: stopAndClose,
    dropSocket() {
      if (!end('socket-dropped')) return
      wire.terminate()
      settle(1006)
    },
    endAtTimeLimit: () => stopAndClose('time-limit'),
    tell,
  }

  wire.send(messages.connected())
  if (startDelayMs === 0) begin()
  pacer.join(paced)

  return {
    call,
    receive,
    closed(code) {
      end(code === 1006 ? 'connection-lost' : 'agent')
      settle(code)
    },
  }
}
