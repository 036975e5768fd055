import { type CallFault, CallFailure, type CallsAccess } from '../live/calls-access.ts'
import { ApiFault, type ApiFaultCode } from './api/api-fault.ts'
import type { ApiParts } from './api-parts.ts'

/** Throws where there is none yet. */
export function callsOf({ state }: Pick<ApiParts, 'state'>): CallsAccess {
  if (state.calls !== undefined) return state.calls
  throw new ApiFault('not-ready', 'the process starts', 'ask again in a moment')
}

/** What cannot be done with a call, as the API says it. */
export async function withCallFaults<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof CallFailure) throw new ApiFault(CODES[error.why], error.message, FIXES[error.why])
    throw error
  }
}

const CODES: Readonly<Record<CallFault, ApiFaultCode>> = {
  'unknown-call': 'unknown-call',
  'unknown-watch': 'no-answer',
  'cannot-do': 'cannot-do',
  'not-taken': 'not-taken',
  'too-many': 'too-many',
  'too-many-watchers': 'no-room',
  'call-over': 'call-over',
  gone: 'node-lost',
  'no-answer': 'no-answer',
}

const FIXES: Readonly<Record<CallFault, string>> = {
  'unknown-call': 'see GET /api/calls; one that has ended is in the history',
  'unknown-watch': 'connect again',
  'cannot-do': 'there is no way to do it with this call',
  'not-taken': 'try again, or another number',
  'too-many': 'wait until the agent has spoken',
  'too-many-watchers': 'close a page that watches or listens',
  'call-over': 'there is nothing left to do with this call',
  gone: 'its calls are lost with it; see GET /api/calls',
  'no-answer': 'look at the call before you do it again: it may have been done',
}
