import type { HttpRequest } from '@kav/core'

/** Some 250 of the longest forms: more than a worker answers in the seconds after which it counts as silent. */
const MAX_BYTES = 16 * 1024 * 1024
/** What a request has beside its body. */
const HEAD_BYTES = 4096

/**
 * The requests that a worker has and has not answered, those given up among them: what is sent to a process that stands
 * still waits in this one, until it goes on or ends.
 */
export class HeldRequests {
  #bytes = 0

  hasRoom(request: Pick<HttpRequest, 'body'>): boolean {
    return this.#bytes + weightOf(request) <= MAX_BYTES
  }

  /** Counts it until it is answered, or nobody will. */
  async hold<T>(request: Pick<HttpRequest, 'body'>, answer: Promise<T>): Promise<T> {
    this.#bytes += weightOf(request)
    try {
      return await answer
    } finally {
      this.#bytes -= weightOf(request)
    }
  }
}

function weightOf({ body }: Pick<HttpRequest, 'body'>): number {
  return body.length + HEAD_BYTES
}
