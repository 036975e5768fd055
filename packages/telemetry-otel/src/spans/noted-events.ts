import { CALL_EVENTS, type CallEvent, type CallEventName } from '@kav/core/host'

/** Events that are no fault, and tell what happened in a span. */
const TELLING: ReadonlySet<string> = new Set<CallEventName>([
  'paused',
  'resumed',
  'filler_spoken',
  'provider_passed_over',
  'stt_rotated',
  'hang_up_requested',
  'transfer_requested',
  'tool_late',
])

const NOTED: ReadonlySet<string> = new Set([
  ...TELLING,
  ...Object.entries(CALL_EVENTS)
    .filter(([, { level }]) => level === 'warn' || level === 'error')
    .map(([name]) => name),
])

/** Whether it stands as a moment at the span in which it happened: every fault does. */
export function isNoted({ event }: CallEvent): boolean {
  return NOTED.has(event)
}
