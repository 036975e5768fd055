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

/** Whether it stands as a moment at the span in which it happened: every fault does. */
export function isNoted({ event }: CallEvent): boolean {
  // A journal may hold events of another version.
  const level = (CALL_EVENTS as Partial<typeof CALL_EVENTS>)[event]?.level
  return level === 'warn' || level === 'error' || TELLING.has(event)
}
