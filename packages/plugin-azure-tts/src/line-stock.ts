import { ProviderError, type Metrics } from '@kav/core'
import type { VoiceLine } from './voice-line.ts'

/** The lines there are: up or coming up, idle or speaking. */
export interface LineStock {
  /** Lines that are up or coming up. */
  readonly size: number
  /** These, and the ones being made: reading a token comes before the line itself. */
  readonly total: number
  /** Nobody's; the last one given is the first one taken. */
  readonly idle: readonly VoiceLine[]
  /** Of the lines being made, the ones that nobody has asked for yet. */
  readonly promised: number
  /** Makes a line for the one who asks. Rejects with a `ProviderError`. */
  make(): Promise<VoiceLine>
  /** Makes so many lines for whoever comes. Resolves when they are up, or will not come up. */
  add(count: number): Promise<void>
  /** An idle line, one that is up if there is one. */
  pick(): VoiceLine | undefined
  putBack(line: VoiceLine): void
  /** Closes a line. */
  remove(line: VoiceLine): void
  /** Closes all, and every line that is still being made. */
  close(): Promise<void>
}

export interface LineStockOptions {
  open(onLost: (line: VoiceLine) => void): Promise<VoiceLine>
  readonly metrics: Metrics
  /** There may be a line to take, or room for one. */
  readonly onChange: () => void
}

export function createLineStock(options: LineStockOptions): LineStock {
  const lines = new Set<VoiceLine>()
  const idle: VoiceLine[] = []
  const closings = new Set<Promise<void>>()
  let making = 0
  let promised = 0
  let closed = false
  const report = (): void => options.metrics.gauge('azure_tts_connections', lines.size)

  async function make(): Promise<VoiceLine> {
    making += 1
    try {
      const line = await options.open(remove)
      if (closed) {
        await line.close()
        throw new ProviderError('cancelled', 'Azure Speech synthesis: the provider is closed')
      }
      lines.add(line)
      report()
      return line
    } finally {
      making -= 1
    }
  }

  async function promise(): Promise<void> {
    promised += 1
    let line: VoiceLine
    try {
      line = await make()
      idle.push(line)
    } finally {
      promised -= 1
      options.onChange()
    }
    await line.opened
  }

  function remove(line: VoiceLine): void {
    if (!lines.delete(line)) return
    const at = idle.indexOf(line)
    if (at >= 0) idle.splice(at, 1)
    const closing = line.close()
    closings.add(closing)
    void closing.then(() => closings.delete(closing))
    report()
    options.onChange()
  }

  return {
    idle,
    get size() {
      return lines.size
    },
    get total() {
      return lines.size + making
    },
    get promised() {
      return promised
    },
    make,
    async add(count) {
      await Promise.allSettled(Array.from({ length: count }, promise))
    },
    pick() {
      const ready = idle.findLastIndex((line) => line.state === 'ready')
      return idle.splice(ready >= 0 ? ready : idle.length - 1, 1)[0]
    },
    putBack(line) {
      idle.push(line)
      options.onChange()
    },
    remove,
    async close() {
      closed = true
      for (const line of [...lines]) remove(line)
      await Promise.all(closings)
    },
  }
}
