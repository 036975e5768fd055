import { MULAW_SILENCE } from '@kav/core'
import type { Clip } from './clip.ts'

/** What the caller says, frame by frame: queued clips one after the other, silence between them. */
export interface CallerVoice {
  /** Queues a clip; resolves true when its last frame was taken, false when `stop` came first. */
  say(clip: Clip): Promise<boolean>
  /** The clip of the next frame, if one is being said. */
  readonly current: Clip | undefined
  /** Base64 of the next frame. */
  next(): string
  /** Mu-law of the frame `next` just gave. Lent. */
  readonly lastFrame: Uint8Array
  /** Says one clip over and over when nothing is queued (load). */
  loop(clip: Clip | undefined): void
  /** Drops everything queued. */
  stop(): void
}

export interface CallerVoiceHandlers {
  onStarted(clip: Clip): void
  onEnded(clip: Clip): void
}

const FRAME_BYTES = 160
const SILENCE = new Uint8Array(FRAME_BYTES).fill(MULAW_SILENCE)
const SILENCE_PAYLOAD = Buffer.from(SILENCE).toString('base64')

export function createCallerVoice(handlers: CallerVoiceHandlers): CallerVoice {
  let queue: { clip: Clip; done(whole: boolean): void }[] = []
  let looped: Clip | undefined
  let loopFrame = 0
  let frame = 0
  let lastFrame: Uint8Array = SILENCE

  function nextLooped(): string {
    if (!looped) {
      lastFrame = SILENCE
      return SILENCE_PAYLOAD
    }
    const at = loopFrame++ % looped.payloads.length
    lastFrame = looped.mulaw.subarray(at * FRAME_BYTES, (at + 1) * FRAME_BYTES)
    return looped.payloads[at] ?? SILENCE_PAYLOAD
  }

  return {
    say: (clip) => new Promise((resolve) => queue.push({ clip, done: resolve })),
    get current() {
      return queue[0]?.clip
    },
    next() {
      const head = queue[0]
      if (!head) return nextLooped()
      const { clip } = head
      if (frame === 0) handlers.onStarted(clip)
      const payload = clip.payloads[frame] ?? SILENCE_PAYLOAD
      lastFrame = clip.mulaw.subarray(frame * FRAME_BYTES, (frame + 1) * FRAME_BYTES)
      if (++frame >= clip.payloads.length) {
        queue.shift()
        frame = 0
        handlers.onEnded(clip)
        head.done(true)
      }
      return payload
    },
    get lastFrame() {
      return lastFrame
    },
    loop(clip) {
      looped = clip
      loopFrame = 0
    },
    stop() {
      const dropped = queue
      queue = []
      frame = 0
      for (const entry of dropped) entry.done(false)
    },
  }
}
