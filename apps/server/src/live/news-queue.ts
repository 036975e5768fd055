import type { Clock } from '@kav/core'

/** News for one watcher, between the call that tells them and whoever fetches them. A call never waits for it. */
export interface NewsQueue<News> {
  put(news: News): void
  /** No more comes; what is there can still be pulled. */
  end(): void
  /**
   * All that is there, at once or as soon as something is, and then `gatherMs` later, so that what comes together goes
   * together. Nothing after `waitMs`. One at a time.
   */
  pull(waitMs: number, gatherMs: number): Promise<Pulled<News>>
}

export interface Pulled<News> {
  readonly news: readonly News[]
  /** No more will come. */
  readonly over: boolean
}

/** @param onDropped one more was lost, the oldest, since nobody fetched them */
export function createNewsQueue<News>(max: number, clock: Clock, onDropped: () => void): NewsQueue<News> {
  let waiting: News[] = []
  let over = false
  let wake: (() => void) | undefined

  const ready = (): boolean => waiting.length > 0 || over

  function until(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        cancel()
        wake = undefined
        resolve()
      }
      const cancel = clock.after(ms, done)
      wake = done
    })
  }

  return {
    put(news) {
      if (over) return
      if (waiting.length >= max) {
        waiting.shift()
        onDropped()
      }
      waiting.push(news)
      wake?.()
    },
    end() {
      over = true
      wake?.()
    },
    async pull(waitMs, gatherMs) {
      if (!ready()) await until(waitMs)
      if (ready() && !over && gatherMs > 0)
        await new Promise<void>((done) => void clock.after(gatherMs, done))
      const news = waiting
      waiting = []
      return { news, over }
    },
  }
}
