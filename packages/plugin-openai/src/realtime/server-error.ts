import type { ProviderError } from '@kav/core'
import { providerErrorOf } from '../provider-error.ts'

/** What an `error` event carries. */
export interface ServerFault {
  readonly message?: string | undefined
  readonly code?: string | null | undefined
  readonly type?: string | undefined
}

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
  return providerErrorOf(
    { message: fault.message ?? 'error', code: fault.code ?? undefined, type: fault.type },
    doing,
  )
}
