import type { CallEvent, CallEventName } from '@kav/core/host'
import { isNoted } from './noted-events.ts'

/** Of those that name no turn, what spans are made of beside what is noted. */
const TELLING: ReadonlySet<string> = new Set<CallEventName>([
  'call_started',
  'stt_ready',
  'caller_voice',
  'greeting_queued',
  'greeting_end',
  'prompt_ended',
  'partial',
  'final',
  'call_ended',
])

/** Whether any span is another one for it. */
export function bearsOnSpans(event: CallEvent): boolean {
  return event.fields['turn'] !== undefined || TELLING.has(event.event) || isNoted(event)
}
