import type { RealtimeEvent, RealtimeSession } from '../../../contracts/index.ts'
import { fail, within } from '../common/contract-case.ts'

/** A session under test, its events read in the background. */
export interface Talk {
  readonly session: RealtimeSession
  readonly events: readonly RealtimeEvent[]
  /** Event `index` of this type, now or when it comes. */
  until<Type extends RealtimeEvent['type']>(
    type: Type,
    index?: number,
  ): Promise<Extract<RealtimeEvent, { type: Type }>>
  count(type: RealtimeEvent['type']): number
  /** Resolves when the events end; rejects with what they throw. */
  over(): Promise<void>
}

export function converse(session: RealtimeSession, stepMs: number): Talk {
  const events: RealtimeEvent[] = []
  let wake: () => void = () => undefined
  let ended = false
  const reading = (async () => {
    try {
      for await (const event of session.events) {
        events.push(event)
        wake()
      }
    } finally {
      ended = true
      wake()
    }
  })()
  reading.catch(() => undefined)

  async function find<T>(found: () => T | undefined, what: string): Promise<T> {
    for (;;) {
      const one = found()
      if (one !== undefined) return one
      if (ended) fail(`expected ${what}; the events ended without it`)
      await new Promise<void>((resolve) => (wake = resolve))
    }
  }

  return {
    session,
    events,
    until: (type, index = 0) =>
      within(
        find(() => events.filter((event) => event.type === type)[index] as never, `"${type}"`),
        stepMs,
        `"${type}"`,
      ),
    count: (type) => events.filter((event) => event.type === type).length,
    over: () => reading,
  }
}

/** All that a session may be asked, once it is over: none of it throws. */
export function callEverything(session: RealtimeSession, audio: Uint8Array): void {
  session.write(audio)
  session.say('Hello?')
  session.interrupt()
  session.endTurn()
  session.toolResult('a', 'b')
  session.enter?.('1')
  session.note?.('Be brief.')
  session.resume?.()
  session.finish()
}
