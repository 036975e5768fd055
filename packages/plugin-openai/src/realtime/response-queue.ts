/** Why an answer is asked for: words of the host's own must be said; a tool's result is in the context anyway. */
type Wish = { readonly kind: 'say' | 'go-on'; readonly json: string }

/**
 * Asks for answers one at a time: the server refuses a `response.create` while an answer is being made, and makes
 * answers of its own when it detects turns.
 */
export interface ResponseQueue {
  /** An answer to go on with: to tool results, to a turn that the host ended. */
  goOn(): void
  /** An answer that says `text`. */
  say(text: string): void
  created(replyId: string): void
  done(): void
  /** The server was making an answer of its own when ours was asked for. */
  refused(): void
  /** A new connection: nothing is being made there. */
  reset(): void
  /** The answer being made. */
  readonly active: string | undefined
  /** Nothing is being made, asked for, or waiting. */
  readonly idle: boolean
}

export function createResponseQueue(send: (json: string) => void): ResponseQueue {
  let waiting: Wish[] = []
  let asked: Wish | undefined
  let active: string | undefined

  function next(): void {
    if (active !== undefined || asked) return
    asked = waiting.shift()
    if (asked) send(asked.json)
  }
  function wish(kind: Wish['kind'], response: Record<string, unknown>): void {
    waiting.push({ kind, json: JSON.stringify({ type: 'response.create', response }) })
    next()
  }

  return {
    goOn() {
      if (!waiting.some(({ kind }) => kind === 'go-on')) wish('go-on', {})
    },
    say: (text) =>
      wish('say', {
        instructions: `Say exactly this, word for word, and nothing else: ${JSON.stringify(text)}`,
      }),
    created(replyId) {
      // It may be one of the server's own, and ours still be refused.
      active = replyId
    },
    done() {
      active = undefined
      asked = undefined
      next()
    },
    refused() {
      if (asked?.kind === 'say') waiting.unshift(asked)
      asked = undefined
    },
    reset() {
      if (asked?.kind === 'say') waiting.unshift(asked)
      asked = undefined
      active = undefined
      waiting = waiting.filter(({ kind }) => kind === 'say')
    },
    get active() {
      return active
    },
    get idle() {
      return active === undefined && !asked && waiting.length === 0
    },
  }
}
