import { createSeededRandom } from './seeded-random.ts'

/** How bad the line between phone and server is, each way. */
export interface LineSettings {
  /** Of the frames of audio, 0 to 1. Nothing else is ever lost. */
  readonly lossShare: number
  /** Each message is from 0 to so much later. */
  readonly jitterMs: number
  /** And by so much in any case. */
  readonly delayMs: number
}

export const GOOD_LINE: LineSettings = { lossShare: 0, jitterMs: 0, delayMs: 0 }

/** One direction. Messages keep their order, as on the stream they come by: jitter shows as pauses and bursts. */
export interface BadLine<Message> {
  set(settings: LineSettings): void
  /** False: it is an audio frame, and it is lost. Every frame takes two of the seed's numbers, lost or not. */
  push(nowMs: number, message: Message, isAudio: boolean): boolean
  /** Hands over what has arrived by now. */
  deliver(nowMs: number): void
  readonly underWay: number
}

export function createBadLine<Message>(
  seed: number,
  onArrival: (message: Message) => void,
): BadLine<Message> {
  const random = createSeededRandom(seed)
  const waiting: { readonly message: Message; readonly dueMs: number }[] = []
  let { lossShare, jitterMs, delayMs } = GOOD_LINE
  let lastDueMs = 0

  function deliver(nowMs: number): void {
    while (waiting[0] !== undefined && waiting[0].dueMs <= nowMs) onArrival(waiting.shift()!.message)
  }

  return {
    set: (settings) => void ({ lossShare, jitterMs, delayMs } = settings),
    push(nowMs, message, isAudio) {
      if (isAudio) {
        const isLost = random() < lossShare
        const lateMs = delayMs + random() * jitterMs
        if (isLost) return false
        lastDueMs = Math.max(lastDueMs, nowMs + lateMs)
      } else {
        lastDueMs = Math.max(lastDueMs, nowMs + delayMs)
      }
      waiting.push({ message, dueMs: lastDueMs })
      deliver(nowMs)
      return true
    },
    deliver,
    get underWay() {
      return waiting.length
    },
  }
}
