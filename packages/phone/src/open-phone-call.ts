import { FRAME_MS, MULAW_TO_LINEAR } from '@kav/core'
import { createArrivalTiming } from './arrival-timing.ts'
import { createCallLog } from './call-log.ts'
import { createCallRecording } from './call-recording.ts'
import { findOverlaps, findResponses, summarizePlayout, type CallResult } from './call-result.ts'
import { createCallWaits } from './call-waits.ts'
import { createCallerLine } from './caller-line.ts'
import { createCallerVoice } from './caller-voice.ts'
import type { Paced } from './pacer.ts'
import type { PhoneCall, PhoneCallHandle, PhoneCallOptions, StreamWire } from './phone-call.ts'
import type { CallEnd } from './phone-event.ts'
import { createPlayout } from './playout.ts'
import { createEchoReader, createServerMessageReader } from './server-messages.ts'
import { createStreamMessages } from './stream-messages.ts'

const AUDIBLE = 500
/** How long the server may take to answer the closing handshake. */
const CLOSE_TIMEOUT_MS = 2000

/** Starts the call on an open socket: sends `connected` and `start`, and media from the next frame on. */
export function openPhoneCall(wire: StreamWire, options: PhoneCallOptions): PhoneCallHandle {
  const { identity, streamSid, pacer } = options
  const { clock } = pacer
  const messages = createStreamMessages(identity, streamSid)
  const startedAt = new Date(clock.wallMs()).toISOString()
  const timing = createArrivalTiming()
  const recording = options.record === false ? undefined : createCallRecording()
  const setupDoneMs = clock.nowMs()
  let originMs = setupDoneMs
  let started = false
  let endedBy: CallEnd | undefined
  let closeCode: number | undefined
  let durationMs = 0
  let cutOffBytes = 0
  let sentFrames = 0
  let sentDtmf = 0
  let receivedMessages = 0
  let wrongSizePayloads = 0
  let lookForVoice = false
  let newUtterance = true
  let silentUntilMs = -Infinity
  let closingUntilMs = Infinity
  let closed = false
  let finish: (result: CallResult) => void
  const finished = new Promise<CallResult>((resolve) => {
    finish = resolve
  })

  const now = (): number => clock.nowMs() - originMs
  const waits = createCallWaits(now)

  const log = createCallLog(now, options.onEvent)
  const { tell, violate } = log

  const playout = createPlayout({
    onSpeechStarted(atMs) {
      lookForVoice = true
      tell({ type: 'agent-speech-started' }, atMs)
    },
    onSpeechStopped: (atMs) => tell({ type: 'agent-speech-stopped' }, atMs),
    onMarkReturned(mark) {
      const { name, label } = mark
      if (!endedBy) wire.send(messages.mark(name))
      tell({ type: 'mark-returned', name, label, cleared: mark.cleared === true })
    },
    onUnderrun: (atMs, gapMs) => tell({ type: 'underrun', gapMs }, atMs),
  })

  const voice = createCallerVoice({
    onStarted(clip) {
      const startMs = nextFrameMs - FRAME_MS
      const voicedStartMs = startMs + clip.voicedStartMs
      tell({ type: 'caller-speech-started', clip: clip.name, voicedStartMs }, startMs)
    },
    onEnded(clip) {
      const voicedEndMs = nextFrameMs - clip.durationMs + clip.voicedEndMs
      tell({ type: 'caller-speech-ended', clip: clip.name, voicedEndMs }, nextFrameMs)
    },
  })

  const line = createCallerLine((timestampMs, payload) => {
    wire.send(messages.media(timestampMs, payload))
    sentFrames++
  }, options.random ?? Math.random)

  const reader = options.strict === false ? createEchoReader() : createServerMessageReader(streamSid, violate)

  /** When the next caller frame is complete, on the stream's line. */
  let nextFrameMs = Infinity
  let slotMs: number | undefined

  function begin(): void {
    started = true
    originMs = clock.nowMs()
    wire.send(messages.start(options.parameters))
    slotMs = pacer.claimSlot()
    nextFrameMs = slotMs + FRAME_MS - originMs
    tell({ type: 'stream-started', callSid: identity.callSid, streamSid }, 0)
    for (const text of options.violations ?? []) violate(text)
    options.statusCallback?.report('stream-started', violate)
  }

  function captureFrames(nowMs: number): void {
    for (; nextFrameMs <= nowMs; nextFrameMs += FRAME_MS) {
      if (nextFrameMs < silentUntilMs) continue
      const payload = voice.next()
      recording?.write('caller', Math.round((nextFrameMs - FRAME_MS) * 8), voice.lastFrame)
      line.push(nowMs, Math.round(nextFrameMs), payload)
    }
  }

  const paced: Paced = {
    get dueMs() {
      if (endedBy) return closingUntilMs
      if (!started) return setupDoneMs + (options.startDelayMs ?? 0)
      return originMs + Math.min(nextFrameMs, playout.nextDueMs, line.nextDueMs)
    },
    onDue(pacerNowMs) {
      if (endedBy) {
        wire.terminate()
        settle(closeCode ?? 1006)
        return
      }
      if (!started) begin()
      const nowMs = pacerNowMs - originMs
      line.flush(nowMs)
      captureFrames(nowMs)
      playout.advance(nowMs)
      waits.check(nowMs)
    },
  }

  function playAudio(audio: Uint8Array): void {
    const nowMs = now()
    const atSample = playout.receive(nowMs, audio.length)
    timing.add(nowMs, audio.length / 8, newUtterance)
    newUtterance = false
    if (audio.length !== 160) wrongSizePayloads++
    if (lookForVoice) {
      const at = audio.findIndex((code) => Math.abs(MULAW_TO_LINEAR[code]!) >= AUDIBLE)
      if (at >= 0) {
        lookForVoice = false
        tell({ type: 'agent-audible' }, (atSample + at) / 8)
      }
    }
    recording?.write('agent', atSample, audio)
  }

  function receive(data: Buffer, isBinary: boolean): void {
    if (endedBy) return
    receivedMessages++
    if (isBinary && options.strict !== false) return violate('binary message (Twilio warning 31950)')
    if (!started) return violate('message before start')
    const message = reader.read(data)
    if (!message) return
    if (message.type === 'media') return playAudio(message.audio)
    const nowMs = now()
    newUtterance = true
    if (message.type === 'mark') {
      playout.mark(nowMs, message.name)
    } else {
      const discarded = playout.clear(nowMs)
      if (discarded > 0) recording?.cutAgent(playout.silentSinceMs * 8)
      tell({ type: 'clear', discardedMs: discarded / 8 })
    }
    waits.check(nowMs)
  }

  function end(by: CallEnd): boolean {
    if (endedBy) return false
    if (started) captureFrames(now())
    line.drain()
    endedBy = by
    durationMs = now()
    cutOffBytes = playout.end(durationMs)
    if (cutOffBytes > 0) recording?.cutAgent(playout.silentSinceMs * 8)
    voice.stop()
    return true
  }

  function stopAndClose(by: CallEnd): void {
    if (!end(by)) return
    wire.send(messages.stop())
    closingUntilMs = clock.nowMs() + CLOSE_TIMEOUT_MS
    wire.close()
  }

  function settle(code: number): void {
    if (closed) return
    closed = true
    closeCode = code
    pacer.leave(paced)
    if (slotMs !== undefined) pacer.releaseSlot(slotMs)
    if (started) {
      options.statusCallback?.report(
        endedBy === 'connection-lost' ? 'stream-error' : 'stream-stopped',
        violate,
      )
    }
    tell({ type: 'ended', by: endedBy ?? 'agent', closeCode: code }, durationMs)
    finish(result())
    waits.end(`the call was over (ended by: ${endedBy})`)
  }

  function result(): CallResult {
    const received = timing.summary()
    const firstAudioMs = playout.segments[0]?.startMs
    return {
      callSid: identity.callSid,
      streamSid,
      startedAt,
      durationMs,
      endedBy: endedBy ?? 'agent',
      ...(closeCode !== undefined && { closeCode }),
      setup: { ...options.setup, ...(firstAudioMs !== undefined && { firstAudioMs }) },
      sent: { frames: sentFrames, dtmf: sentDtmf },
      received: { ...received, messages: receivedMessages, wrongSizePayloads },
      playout: summarizePlayout(playout, cutOffBytes),
      marks: playout.marks,
      responses: findResponses(log.timeline),
      overlaps: findOverlaps(log.timeline, playout.segments),
      violations: log.violations(),
      timeline: log.timeline,
    }
  }

  const call: PhoneCall = {
    callSid: identity.callSid,
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
    playout,
    timing,
    recording,
    say(clip) {
      if (endedBy) return Promise.resolve(false)
      if (silentUntilMs === Infinity) silentUntilMs = -Infinity
      return voice.say(clip)
    },
    loop: (clip) => voice.loop(clip),
    sendDtmf(digit) {
      if (endedBy) return
      wire.send(messages.dtmf(digit))
      sentDtmf++
      tell({ type: 'dtmf-sent', digit })
    },
    goSilent(forMs) {
      silentUntilMs = forMs === undefined ? Infinity : now() + forMs
    },
    setJitterMs: (jitterMs) => line.setJitterMs(jitterMs),
    setLateMs: (lateMs) => line.setLateMs(lateMs),
    holdMedia: (holdMs) => line.holdUntil(now() + holdMs),
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
  if ((options.startDelayMs ?? 0) === 0) begin()
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
