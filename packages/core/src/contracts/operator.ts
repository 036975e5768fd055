/** What an operator may do with a running call. Plain data: it may come from another process. */
export type OperatorAction =
  /**
   * The agent says this, as its own words. `turn` (default): when it has finished what it is saying and the caller is
   * silent. `once`: now, in place of what it is saying, and to its end whatever the caller does.
   */
  | { readonly type: 'say'; readonly text: string; readonly at?: 'turn' | 'once' }
  /** The model is told this with its next request, for the rest of the call. It starts no reply. */
  | { readonly type: 'whisper'; readonly text: string }
  /** Stops the agent as the caller would. Nothing where it is silent. */
  | { readonly type: 'interrupt' }
  /** Tones to the far end, in the agent's next turn: `0-9`, `*`, `#`, `A-D`, `w` for half a second of silence. */
  | { readonly type: 'keys'; readonly digits: string }
  | { readonly type: 'transfer'; readonly to: string }
  | { readonly type: 'hang-up' }
  /** Whether the caller hears silence in place of the agent. */
  | { readonly type: 'mute'; readonly on: boolean }
  /** Somebody begins to hear the call: changes nothing, and is told. */
  | { readonly type: 'listen' }

/**
 * `cannot-do`: the transport, or the way the call is answered, has no such thing. `not-taken`: the carrier refused.
 * `too-many`: too much waits to be said. `call-over`: the call ends, or its last words are being said.
 */
export type OperatorRefusal = 'cannot-do' | 'not-taken' | 'too-many' | 'call-over'

export type OperatorAnswer =
  { readonly done: true } | { readonly done: false; readonly why: OperatorRefusal; readonly message: string }
