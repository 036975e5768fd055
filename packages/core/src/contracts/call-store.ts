/** What JSON can carry. */
export type StoredFacts = Readonly<Record<string, unknown>>

/** One thing that was said in a call, as the call's record has it. */
export interface StoredLine {
  /** Ms since the call began. */
  readonly atMs: number
  readonly who: 'caller' | 'agent'
  readonly text: string
  /** What the caller heard of it, where that is less. */
  readonly heard?: string
}

/** What people said in a call, and what may repeat it: erased before the call's facts are. */
export interface StoredWords {
  /** In order. `find` looks for words in their `text`. */
  readonly lines: readonly StoredLine[]
  /** Tool calls, a provider's error texts: given back as it was put. */
  readonly more: StoredFacts
}

/**
 * `begun`: its end was not told yet. `torn`: its process died, so it lacks its end, or parts of it. Whoever reads one
 * that is `ended` has all of it.
 */
export type StoredState = 'begun' | 'ended' | 'torn'

/** What of a call is searched for, and shown in lists. */
export interface CallSummary {
  /** The carrier's own id. With `startedAtMs` it names the call: ids of other carriers may be the same. */
  readonly id: string
  /** Ms since the Unix epoch. */
  readonly startedAtMs: number
  readonly state: StoredState
  readonly pipeline: string
  readonly version?: string
  readonly node?: string
  /** Which process has the call: opaque, to be compared and given back. */
  readonly owner?: string
  readonly direction: 'in' | 'out'
  readonly from?: string
  readonly to?: string
  /** 0 until the call has ended. */
  readonly durationMs: number
  /** Why it ended. Absent until then. */
  readonly outcome?: string
  /** Why a call was `refused`, as `outcome` says then: `full`, `hook`, … Absent of all others. */
  readonly reason?: string
  readonly turns: number
  /** The longest that the caller waited for an answer. Absent where no turn was answered. */
  readonly slowestMs?: number
  readonly cost?: number
  readonly currency?: string
  /** Where the recording is. Absent: there is none, or it was erased. */
  readonly recording?: string
}

/** A call as a store keeps it. */
export interface StoredCall extends CallSummary {
  /** The rest of its record, with nothing that was said: given back as it was put. */
  readonly facts: StoredFacts
  /** Absent: not kept, or erased. */
  readonly words?: StoredWords
}

/** Which calls are meant: those for which all that is named holds. */
export interface CallQuery {
  /** Began at this time or later, in ms since the Unix epoch. */
  readonly sinceMs?: number
  /** Began before. */
  readonly untilMs?: number
  /** Exactly this number. */
  readonly from?: string
  readonly to?: string
  /** `from` or `to`. */
  readonly party?: string
  /** All these words were said, in any order; each may be the beginning of one. Case and accents do not count. */
  readonly text?: string
  readonly outcome?: string
  readonly pipeline?: string
  /** Of none of these pipelines. */
  readonly otherThan?: readonly string[]
  readonly node?: string
  readonly state?: StoredState
  /** Of a turn at least, `slowestMs`. */
  readonly slowMs?: number
  readonly id?: string
}

export interface CallPageRequest {
  /** 1 to 1000. */
  readonly limit: number
  /** `next` of the page before. */
  readonly cursor?: string
}

/** Calls that began last come first; a call that comes in meanwhile moves none of a later page. */
export interface CallPage {
  readonly calls: readonly CallSummary[]
  /** Absent: that was all. */
  readonly next?: string
}

/** `words`: what was said, and nothing else. `recording`: that there is one; the file itself is whoever asks's. */
export type ErasedPart = 'call' | 'words' | 'recording'

/** A call of which something was erased, as it was before. */
export type ErasedCall = Pick<CallSummary, 'id' | 'startedAtMs' | 'pipeline' | 'recording'>

/** Calls that began in one span of time, and ended alike. */
export interface CallCount {
  /** Which span: that between the first two borders is 0. */
  readonly span: number
  /** Absent: calls that have not ended. */
  readonly outcome?: string
  /** At least one. */
  readonly calls: number
}

/**
 * Keeps calls when they are over, and finds them again. Nothing of a call waits for it: the host puts calls in batches,
 * off their path, and keeps what could not be put. Whatever fails is a `ProviderError`, whose message repeats nothing of
 * a call.
 *
 * A process may be killed at any moment: a call is then there whole, as it was put last, or not at all.
 */
export interface CallStore {
  /** Opens it, and brings what it holds to its own version. Everything else does that, too, where it is the first. */
  warm?(): Promise<void>
  /**
   * All of them or none, each in place of what is kept of the same call; but one that is `begun` replaces nothing, and
   * `torn` never an `ended` one. A `torn` call has `version`, `node`, `from` and `to` of one that is `begun` where it
   * tells none itself, whichever of the two comes first: a process may die before its files know them. So the order in
   * which they come changes nothing. Resolves when they are safe from the end of this process. The same ones again are
   * no fault: so does the host try once more.
   */
  put(calls: readonly StoredCall[]): Promise<void>
  find(query: CallQuery, page: CallPageRequest): Promise<CallPage>
  /** All that is kept of the last call of this id; of that moment, where one is named. */
  get(id: string, startedAtMs?: number): Promise<StoredCall | undefined>
  /**
   * How many of the calls that `query` means began in each span of time, by outcome, in any order; what would be 0 is
   * left out. A span is from one of `bordersMs` up to the next, and without it: they ascend, in ms since the Unix epoch,
   * 2 to 1001 of them. Absent: nobody is shown figures of past calls.
   */
  count?(query: CallQuery, bordersMs: readonly number[]): Promise<readonly CallCount[]>
  /**
   * Erases a part of the calls that `query` means and that have it, the oldest first, 1000 at most; the same again goes
   * on, until it gives none. It is gone when this resolves: no search finds it.
   */
  erase(part: ErasedPart, query: CallQuery): Promise<readonly ErasedCall[]>
  /**
   * Behind erasures: nothing of what was erased stands in its files any more. False: others read them (a backup, an
   * export), and what was erased stands there until this is asked again, or something is put. Absent: it says nothing
   * of it.
   */
  settle?(): Promise<boolean>
  /** Whether there is anything to be read: a store that nobody has used yet is not made by it. Absent: there is. */
  isThere?(): Promise<boolean>
  /** What is under way settles. Twice is harmless; the rest is refused from here on. */
  close(): Promise<void>
}
