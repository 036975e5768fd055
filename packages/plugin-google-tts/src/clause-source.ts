/** Clauses with one of lookahead: one that is not taken stays for whoever asks next. */
export interface ClauseSource {
  /** The next clause, `undefined` at the end. The same answer until `take`. */
  next(): Promise<string | undefined>
  take(): void
  /** Tells the writer that nobody listens any more. */
  leave(): void
}

export function createClauseSource(clauses: AsyncIterable<string>): ClauseSource {
  const iterator = clauses[Symbol.asyncIterator]()
  let ahead: Promise<string | undefined> | undefined
  return {
    next() {
      ahead ??= iterator.next().then((result) => (result.done === true ? undefined : result.value))
      return ahead
    },
    take() {
      ahead = undefined
    },
    leave() {
      // A writer in the middle of a wait answers when it can; nobody waits for that.
      ahead?.catch(() => undefined)
      void iterator.return?.().then(undefined, () => undefined)
    },
  }
}
