import type { Violation } from './call-result.ts'
import type { PhoneEvent, PhoneEventBody } from './phone-event.ts'

/** The call's memory of what happened: bounded, and told to whoever listens as it comes. */
export interface CallLog {
  /** Now, unless the moment is given. Milliseconds are kept to a hundredth. */
  readonly tell: (body: PhoneEventBody, atMs?: number) => void
  /** Counts a breach of the protocol; told once for each different text. */
  readonly violate: (text: string) => void
  /** In the order of their times, which is not quite the order in which they were told. */
  timeline(): PhoneEvent[]
  violations(): readonly Violation[]
}

const MAX_TIMELINE = 20_000
const MAX_VIOLATIONS = 200

export function createCallLog(nowMs: () => number, onEvent?: (event: PhoneEvent) => void): CallLog {
  const timeline: PhoneEvent[] = []
  const violations = new Map<string, { text: string; firstAtMs: number; count: number }>()

  function tell(body: PhoneEventBody, atMs = nowMs()): void {
    const event = { atMs: Math.round(atMs * 100) / 100, ...body } as PhoneEvent
    if (timeline.length < MAX_TIMELINE) timeline.push(event)
    try {
      onEvent?.(event)
    } catch {
      // The listener's fault is not the call's.
    }
  }

  return {
    tell,
    violate(text) {
      const known = violations.get(text)
      if (known) {
        known.count++
      } else if (violations.size < MAX_VIOLATIONS) {
        violations.set(text, { text, firstAtMs: nowMs(), count: 1 })
        tell({ type: 'violation', text })
      }
    },
    timeline: () => [...timeline].sort((a, b) => a.atMs - b.atMs),
    violations: () => [...violations.values()],
  }
}
