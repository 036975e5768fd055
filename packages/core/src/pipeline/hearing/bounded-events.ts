import type { Clock } from '../../contracts/clock.ts'
import { ProviderError } from '../../contracts/errors.ts'
import { sttEventFault } from '../../contracts/field-faults.ts'
import type { SttEvent } from '../../contracts/stt.ts'
import { createPushQueue } from '../../kit/push-queue.ts'
import { untimedIteration } from '../../kit/timed-iteration.ts'
import type { CallTelemetry } from '../../telemetry/call-telemetry.ts'
import { type Rate, TokenBucket } from '../token-bucket.ts'
import type { CallerAudioMemory } from './caller-audio.ts'

/** A recogniser says some ten things a second; after a stall, what it said meanwhile comes at once. */
export const STT_EVENTS: Rate = { burst: 500, perSecond: 50 }
/** One utterance, however long somebody speaks without a pause. */
export const MAX_STT_TEXT_CHARS = 10_000
/** What else an utterance may have been: more of them tell nothing. */
export const MAX_STT_ALTERNATIVES = 10

/** Something that a session said, and how far the caller's audio had been read by then: it is about no more than that. */
export interface Said {
  readonly event: SttEvent
  readonly readTo: number
}

/**
 * What a session says, as much as a recogniser can have to say. One that floods is not sound: throws a `bad-data`
 * `ProviderError`, and the session is replaced as one that was lost. So is one that sends something else than its
 * contract says (a `TypeError`: a fault of the plugin). Of a text that is too long the end is left out.
 */
export async function* boundedEvents(
  events: AsyncIterable<SttEvent>,
  parts: {
    readonly plugin: string
    readonly memory: Pick<CallerAudioMemory, 'readPosition'>
    readonly clock: Clock
    readonly telemetry: CallTelemetry
  },
): AsyncGenerator<Said> {
  const { plugin, memory, clock, telemetry } = parts
  const bucket = new TokenBucket(STT_EVENTS, clock)
  for await (const event of untimedIteration(events, { clock, what: plugin })) {
    if (!bucket.take()) {
      telemetry.amountCut('stt_events', STT_EVENTS.perSecond)
      throw new ProviderError('bad-data', `${plugin}: says more than ${STT_EVENTS.perSecond} things a second`)
    }
    const fault = sttEventFault(event)
    if (fault !== undefined) throw new TypeError(fault)
    yield { event: boundedText(event, telemetry), readTo: memory.readPosition }
  }
}

/** The same, read as it comes although nobody listens yet. */
export function readAhead(said: AsyncIterable<Said>): AsyncIterable<Said> {
  const queue = createPushQueue<Said>()
  async function read(): Promise<void> {
    try {
      for await (const each of said) {
        if (queue.ended) return
        queue.push(each)
      }
      queue.end()
    } catch (thrown) {
      queue.fail(thrown)
    }
  }
  void read()
  return queue.items
}

function boundedText(event: SttEvent, telemetry: CallTelemetry): SttEvent {
  if (event.type === 'partial') {
    return isTooLong(event.text) ? { ...event, text: cutText(event.text, telemetry) } : event
  }
  if (event.type !== 'final') return event
  const { text } = event
  const alternatives = event.alternatives ?? []
  const tooMany = alternatives.length > MAX_STT_ALTERNATIVES
  if (tooMany) telemetry.amountCut('stt_alternatives', MAX_STT_ALTERNATIVES)
  else if (![text, ...alternatives].some(isTooLong)) return event
  const kept = alternatives.slice(0, MAX_STT_ALTERNATIVES).map((each) => cutText(each, telemetry))
  return { ...event, text: cutText(text, telemetry), alternatives: kept }
}

function isTooLong(text: string): boolean {
  return text.length > MAX_STT_TEXT_CHARS
}

function cutText(text: string, telemetry: CallTelemetry): string {
  if (!isTooLong(text)) return text
  telemetry.amountCut('stt_text_chars', MAX_STT_TEXT_CHARS)
  return text.slice(0, MAX_STT_TEXT_CHARS)
}
