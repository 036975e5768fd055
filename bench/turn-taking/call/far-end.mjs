// The caller's phone: it plays what it is sent in real time, first in first out, gives marks back when the audio before
// them was played, and keeps what was played as the agent's channel.

import { createSampleDecoder } from '../../../packages/core/dist/host.js'
import { SAMPLES_PER_MS } from '../sound/level.mjs'

const FORMAT = { encoding: 'mulaw', sampleRateHz: 8000 }
const SILENCE = 0xff
const MAX_MS = 120_000

/** `{ call, media(bytes), hangUp(), heldMs(), playedAt(ms, samples), channel() }`; times count from its creation. */
export function createFarEnd(clock, id) {
  const startMs = clock.nowMs()
  const played = new Uint8Array(MAX_MS * SAMPLES_PER_MS).fill(SILENCE)
  const marks = new Map()
  const decoder = createSampleDecoder(FORMAT)
  let endMs = 0
  let handlers
  let over = false
  const nowMs = () => clock.nowMs() - startMs

  function giveBack(name, afterMs) {
    const key = {}
    const cancel = clock.after(afterMs, () => {
      marks.delete(key)
      if (!over) handlers.onMark(name)
    })
    marks.set(key, { name, cancel })
  }

  function hangUp(reason) {
    if (over) return
    over = true
    for (const { cancel } of marks.values()) cancel()
    handlers.onHangUp(reason)
  }

  const call = {
    id,
    format: FORMAT,
    params: {},
    bufferedBytes: 0,
    open: (to) => void (handlers = to),
    send(frame) {
      if (over) return
      const atMs = Math.max(nowMs(), endMs)
      played.set(frame, Math.round(atMs * SAMPLES_PER_MS))
      endMs = atMs + frame.length / SAMPLES_PER_MS
    },
    mark(name) {
      if (!over) giveBack(name, Math.max(0, endMs - nowMs()))
    },
    clear() {
      if (over) return
      if (endMs > nowMs()) {
        played.fill(SILENCE, Math.round(nowMs() * SAMPLES_PER_MS), Math.round(endMs * SAMPLES_PER_MS))
        endMs = nowMs()
      }
      const pending = [...marks.values()]
      marks.clear()
      for (const { name, cancel } of pending) {
        cancel()
        giveBack(name, 0)
      }
    },
    hangUp: async () => hangUp('agent'),
  }

  return {
    call,
    nowMs,
    media: (bytes) => over || handlers.onMedia(bytes),
    hangUp: () => hangUp('caller'),
    heldMs: () => Math.max(0, endMs - nowMs()),
    /** Samples of what was played from `ms` on; lent until the next call. */
    playedAt(ms, samples) {
      const at = Math.max(0, Math.round(ms * SAMPLES_PER_MS))
      return decoder.decode(played.subarray(at, at + samples))
    },
    /** Everything that was played by now, mu-law. */
    channel: () => played.subarray(0, Math.round(nowMs() * SAMPLES_PER_MS)),
  }
}
