/** What a pipeline file says about tools, checked and with defaults filled in. `config/` makes it. */
export interface ToolSettings {
  readonly hangUp: boolean
  /** Absent: the agent cannot transfer. */
  readonly transfer?: TransferSettings
  readonly pressKeys: boolean
  readonly wait: boolean
  readonly http: readonly HttpToolSettings[]
  /** Deadline of each tool plugin's calls, in the order of the plugins. */
  readonly codeTimeoutsMs: readonly number[]
  /** What is said while the tools of a plugin take long, in the same order; absent: what is said during all others. */
  readonly codeFillers?: readonly (ToolFiller | undefined)[]
}

/** What the caller hears of a tool that takes longer than `afterMs`; no texts: nothing. */
export interface ToolFiller {
  readonly afterMs: number
  /** Taken in turn. */
  readonly texts: readonly string[]
}

export interface TransferSettings {
  /** What the model reads about when to transfer. */
  readonly description?: string
  /** Where to, by the names the model knows: it can reach these and no others. */
  readonly numbers: Readonly<Record<string, string>>
}

/** Holds credentials: for the request only, never for a log. */
export interface HttpToolSettings {
  readonly name: string
  readonly description: string
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** With `{argument}` and `{{call variable}}` behind the host. */
  readonly url: string
  /** Values may hold `{{call variable}}`. */
  readonly headers: Readonly<Record<string, string>>
  readonly auth?: HttpAuth
  /** JSON Schema of the arguments. */
  readonly parameters: Readonly<Record<string, unknown>>
  /** Its texts may hold both kinds of place. Absent: the arguments that the URL does not use, as JSON. */
  readonly body?: Readonly<Record<string, unknown>>
  /** Paths of the JSON answer that the model is told; empty: all of it. */
  readonly pick: readonly string[]
  readonly timeoutMs: number
  readonly maxResponseBytes: number
}

export type HttpAuth =
  | { readonly type: 'bearer'; readonly token: string }
  | { readonly type: 'basic'; readonly user: string; readonly password: string }
