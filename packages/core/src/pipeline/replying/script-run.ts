import type { CutBy } from '../../kit/cut.ts'
import type { ReplyScript } from './reply-script.ts'

/** Has what is in a reply's script spoken, by one run at a time. */
export interface ScriptRun {
  /** There may be something to speak. */
  start(): void
  /** The run that goes on ends by itself: its signal has aborted. */
  stopped(): void
  /** Resolves when nothing is being spoken or waits to be, or never will be. */
  idle(): Promise<void>
  /** Somebody waits for that. */
  awaited(): boolean
  /** No run begins any more, and the script takes nothing more. */
  close(by: CutBy): void
}

export function createScriptRun(parts: {
  /** Of the run that is about to begin. */
  signal: () => AbortSignal
  speak: (signal: AbortSignal) => Promise<void>
  script: Pick<ReplyScript, 'empty' | 'close'>
  onFailure: (error: unknown) => void
}): ScriptRun {
  const waiting: (() => void)[] = []
  let running = false
  let closed = false

  function tell(): void {
    for (const idle of waiting.splice(0)) idle()
  }

  function start(): void {
    const signal = parts.signal()
    if (running || closed || signal.aborted) return
    running = true
    parts.speak(signal).then(() => {
      if (signal.aborted) return
      running = false
      // A line may have come while the last one was being settled.
      if (parts.script.empty()) tell()
      else start()
    }, parts.onFailure)
  }

  return {
    start,
    stopped() {
      running = false
    },
    idle() {
      if (closed || (!running && parts.script.empty())) return Promise.resolve()
      return new Promise((resolve) => waiting.push(resolve))
    },
    awaited: () => waiting.length > 0,
    close(by) {
      closed = true
      parts.script.close(by)
      tell()
    },
  }
}
