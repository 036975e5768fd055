// One call as the carrier sees it: `start`, a frame every 20 ms, and a model of the playout buffer, which sends marks
// back once the audio before them has been played. No timer of its own and, frame for frame, nothing parsed: what
// looks like the media message before it is one.

import { createArrivalTiming, createPlayout } from '@kav/phone'
import { createMediaFrames, maskedFrame, OPCODE } from './media-frames.mjs'

const FRAME_BYTES = 160
const BYTES_PER_MS = 8
/** Audio that follows a mark within this time goes on in the rhythm of what came before. */
const SAME_RHYTHM_MS = 30
/** `{"event":"media`: another event of the same length differs here. */
const EVENT_BYTES = 15

/**
 * `wire` is an open stream socket. `clip` is mu-law to send from the start, once; the caller is silent otherwise.
 * `onUnderrun(gapMs)` is told of silence that was heard inside an utterance, `onMarkHeld(call)` that `advance` wants to
 * be called until `marksHeld` is 0, `onCut()` that the far end closed the stream before the caller hung up.
 */
export function createCarrierCall({
  wire,
  wheel,
  identity,
  parameters,
  silence,
  clip,
  onUnderrun,
  onMarkHeld,
  onCut,
}) {
  const { accountSid, callSid, streamSid } = identity
  const startedMs = performance.now()
  const timing = createArrivalTiming()
  const playout = createPlayout({
    onSpeechStarted: () => undefined,
    onSpeechStopped: () => undefined,
    onMarkReturned({ name }) {
      call.marksHeld--
      sendEvent('mark', { streamSid, mark: { name } })
    },
    onUnderrun: (_atMs, gapMs) => onUnderrun(gapMs),
  })
  const violations = new Set()
  const media = createMediaFrames({ streamSid, payload: silence, firstSequence: 2 })
  const known = { length: -1, event: Buffer.alloc(EVENT_BYTES), audioBytes: 0 }
  let boundary = 'clear'
  let lastArrivalMs = -Infinity
  let sending = true

  function sendText(message) {
    wire.send(maskedFrame(OPCODE.text, JSON.stringify(message)))
  }

  function sendEvent(event, fields) {
    if (!call.ended) sendText({ event, sequenceNumber: String(media.takeSequence()), ...fields })
  }

  function play(nowMs, audioBytes) {
    call.firstAudioMs ??= nowMs - startedMs
    playout.receive(nowMs - startedMs, audioBytes)
    const paused = nowMs - lastArrivalMs > SAME_RHYTHM_MS
    timing.add(nowMs, audioBytes / BYTES_PER_MS, boundary === 'clear' || (boundary === 'mark' && paused))
    boundary = 'none'
    lastArrivalMs = nowMs
    call.receivedBytes += audioBytes
  }

  function isKnown(bytes, start, end) {
    if (end - start !== known.length) return false
    for (let at = 0; at < EVENT_BYTES; at++) if (bytes[start + at] !== known.event[at]) return false
    return true
  }

  /** The first media message of its length, and every other event. */
  function readSlowly(nowMs, bytes, start, end) {
    const message = parse(bytes.toString('utf8', start, end))
    if (message?.event === 'media' && typeof message.media?.payload === 'string') {
      const audio = Buffer.from(message.media.payload, 'base64')
      if (audio.length === 0) return void violations.add('media without audio')
      if (message.streamSid !== streamSid) violations.add('media of another stream')
      known.length = end - start
      known.audioBytes = audio.length
      known.event.set(bytes.subarray(start, start + EVENT_BYTES))
      play(nowMs, audio.length)
    } else if (message?.event === 'mark' && typeof message.mark?.name === 'string') {
      if (boundary === 'none') boundary = 'mark'
      call.marksHeld++
      playout.mark(nowMs - startedMs, message.mark.name)
      if (call.marksHeld > 0) onMarkHeld(call)
    } else if (message?.event === 'clear') {
      boundary = 'clear'
      playout.clear(nowMs - startedMs)
    } else if (!['connected', 'start'].includes(message?.event)) {
      violations.add(
        `a message of no known kind: ${bytes.toString('utf8', start, Math.min(end, start + 40))}`,
      )
    }
  }

  const call = {
    timing,
    violations,
    sentFrames: 0,
    receivedBytes: 0,
    firstAudioMs: undefined,
    marksHeld: 0,
    /** Nothing is sent or measured any more. */
    ended: false,
    /** The socket is gone. */
    closed: false,
    slot: undefined,
    sendFrame() {
      if (!sending) return
      const from = call.sentFrames * FRAME_BYTES
      const said =
        clip !== undefined && from < clip.length
          ? clip.toString('base64', from, from + FRAME_BYTES)
          : undefined
      const frame = media.next(said)
      wire.send(wire.holdsFrames ? Buffer.from(frame) : frame)
      call.sentFrames++
    },
    onText(bytes, start, end) {
      const nowMs = wheel.arrivalMs()
      if (isKnown(bytes, start, end)) play(nowMs, known.audioBytes)
      else readSlowly(nowMs, bytes, start, end)
    },
    onClose() {
      call.closed = true
      if (!call.ended) onCut()
      call.ended = true
      wheel.leave(call)
    },
    /** Sends back the marks whose audio has been played. */
    advance: (nowMs) => playout.advance(nowMs - startedMs),
    stopSending: () => void (sending = false),
    hangUp() {
      sendEvent('stop', { stop: { accountSid, callSid }, streamSid })
      call.ended = true
      wheel.leave(call)
      wire.close()
    },
    drop: () => wire.destroy(),
  }

  sendText({ event: 'connected', protocol: 'Call', version: '1.0.0' })
  sendText({
    event: 'start',
    sequenceNumber: '1',
    start: {
      accountSid,
      streamSid,
      callSid,
      tracks: ['inbound'],
      mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 },
      customParameters: parameters,
    },
    streamSid,
  })
  return call
}

function parse(text) {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
