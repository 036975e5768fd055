import type { ProviderError } from '@kav/core'
import { providerErrorOf } from '../provider-error.ts'
import type { ServerFault } from '../server-fault.ts'

/** Answers to requests that came a moment too late; nothing is wrong. */
const HARMLESS = new Set([
  'response_cancel_not_active',
  'input_audio_buffer_commit_empty',
  'conversation_already_has_active_response',
])

export function isHarmless(fault: ServerFault): boolean {
  return HARMLESS.has(fault.code ?? '')
}

/** The fault as an error. A mid-session `bad-request` leaves the session usable, every other class ends it. */
export function serverError(fault: ServerFault, doing: string): ProviderError {
  return providerErrorOf({ ...fault, message: fault.message ?? 'an error without a message' }, doing)
}
