import type { CallChange, Ended, Level, LiveCall, LiveCallDetail, LiveEvent } from './api-types.ts'

/** Which calls there are. */
export type CallsEvent =
  | { readonly event: 'snapshot'; readonly data: { readonly calls: readonly LiveCall[] } }
  | { readonly event: 'call'; readonly data: CallChange }

/** What happens in one. */
export type CallEvent =
  | { readonly event: 'snapshot'; readonly data: LiveCallDetail }
  | { readonly event: 'event'; readonly data: LiveEvent }
  | { readonly event: 'level'; readonly data: Level }
  | { readonly event: 'ended'; readonly data: Ended }
