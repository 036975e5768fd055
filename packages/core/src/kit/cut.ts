/** Who took the word from the agent, or from what it was doing. `other`: neither of them, such as another line. */
export type CutBy = 'caller' | 'operator' | 'end' | 'other'

/**
 * Why a signal of a reply aborts: who cut the reply, for all who have to put it into words. To whoever rejects with
 * it, as `fetch` does, it is any other abort.
 */
export class Cut extends DOMException {
  readonly by: CutBy

  constructor(by: CutBy) {
    super(`cut: ${by}`, 'AbortError')
    this.by = by
  }
}

/** Of a signal that has aborted. */
export function cutBy({ reason }: Pick<AbortSignal, 'reason'>): CutBy {
  return reason instanceof Cut ? reason.by : 'other'
}
