import type { Clock } from '../../contracts/clock.ts'
import { ProviderError } from '../../contracts/errors.ts'
import { realtimeEventFault } from '../../contracts/field-faults.ts'
import type { RealtimeEvent } from '../../contracts/realtime.ts'
import { untimedIteration } from '../../kit/timed-iteration.ts'
import type { CallTelemetry } from '../../telemetry/call-telemetry.ts'
import { type Rate, TokenBucket } from '../token-bucket.ts'

/** A model sends minutes of speech within seconds, in pieces of some 100 ms, and the words of it one by one. */
export const REALTIME_EVENTS: Rate = { burst: 5000, perSecond: 500 }
/** What one item says. */
export const MAX_ITEM_TEXT_CHARS = 20_000
/** Converted within a few milliseconds, whatever the format. */
const SLICE_BYTES = 32_768

/**
 * What a session says, as much as a model can have to say. One that floods is broken: throws a `bad-data`
 * `ProviderError`. So is one that sends something else than its contract says (a `TypeError`: a fault of the plugin).
 * Of a text that is too long the end is left out.
 */
export async function* boundedSessionEvents(
  events: AsyncIterable<RealtimeEvent>,
  parts: { readonly plugin: string; readonly clock: Clock; readonly telemetry: CallTelemetry },
): AsyncGenerator<RealtimeEvent> {
  const { plugin, clock, telemetry } = parts
  const bucket = new TokenBucket(REALTIME_EVENTS, clock)
  for await (const event of untimedIteration(events, { clock, what: plugin })) {
    if (!bucket.take()) {
      telemetry.amountCut('realtime_events', REALTIME_EVENTS.perSecond)
      throw new ProviderError('bad-data', `${plugin}: more than ${REALTIME_EVENTS.perSecond} events a second`)
    }
    const fault = realtimeEventFault(event)
    if (fault !== undefined) throw new TypeError(fault)
    if (event.type === 'audio') yield* audioSlices(event, plugin)
    else yield boundedText(event, telemetry)
  }
}

type AudioEvent = Extract<RealtimeEvent, { type: 'audio' }>

/**
 * A model may hand over all it says in one event. It is converted a piece at a time, and the other calls have their
 * turn in between.
 */
async function* audioSlices(event: AudioEvent, plugin: string): AsyncGenerator<AudioEvent> {
  const given: unknown = event.audio
  if (!(given instanceof Uint8Array))
    throw new ProviderError('bad-data', `${plugin}: audio that is no Uint8Array`)
  const { audio } = event
  // Nothing was said, whoever sent it.
  if (audio.length === 0) return
  if (audio.length <= SLICE_BYTES) {
    yield event
    return
  }
  for (let at = 0; at < audio.length; at += SLICE_BYTES) {
    yield { ...event, audio: audio.subarray(at, at + SLICE_BYTES) }
    await new Promise((resolve) => setImmediate(resolve))
  }
}

function boundedText(event: RealtimeEvent, telemetry: CallTelemetry): RealtimeEvent {
  if (!('text' in event) || event.text.length <= MAX_ITEM_TEXT_CHARS) return event
  telemetry.amountCut('realtime_text_chars', MAX_ITEM_TEXT_CHARS)
  return { ...event, text: event.text.slice(0, MAX_ITEM_TEXT_CHARS) }
}
