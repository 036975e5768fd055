import type { RealtimeSession, SttSession } from '../contracts/index.ts'
import { type KnownField, oddFields } from '../kit/odd-fields.ts'

type Fields<Session> = { readonly [Field in keyof Required<Session>]: true }

/** A new field in a contract wants its row here. */
const FIELDS = {
  stt: { write: true, finish: true, events: true, close: true } satisfies Fields<SttSession>,
  realtime: {
    write: true,
    interrupt: true,
    endTurn: true,
    toolResult: true,
    say: true,
    enter: true,
    note: true,
    resume: true,
    finish: true,
    events: true,
    close: true,
  } satisfies Fields<RealtimeSession>,
} as const

export type SessionKind = keyof typeof FIELDS

const KNOWN: Readonly<Record<SessionKind, ReadonlyMap<string, KnownField>>> = {
  stt: known(FIELDS.stt),
  realtime: known(FIELDS.realtime),
}

/** All are methods but the events. */
function known(fields: object): ReadonlyMap<string, KnownField> {
  return new Map(
    Object.keys(fields).map((name) => [
      name,
      { is: name === 'events' ? 'data' : 'method', fits: isIterable },
    ]),
  )
}

function isIterable(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value
}

/** What a session has that nobody will ever call, and that reads like what its kind may have; a sentence each. */
export function misspeltInSession(kind: SessionKind, session: object): readonly string[] {
  return oddFields(session, KNOWN[kind]).map(
    ({ name, meant }) => `has "${name}", which no ${kind} session has; did you mean "${meant}"?`,
  )
}

/** Providers whose first session was looked at. */
const looked = new WeakSet<object>()

/** Tells what is odd about the first session of a provider; the others are like it. Never throws. */
export function tellOddSession(
  kind: SessionKind,
  provider: object,
  session: unknown,
  tell: (odd: string) => void,
): void {
  if (looked.has(provider) || typeof session !== 'object' || session === null) return
  looked.add(provider)
  try {
    for (const odd of misspeltInSession(kind, session)) tell(odd)
  } catch {
    // A Proxy of somebody's: its session works or does not, and that is told.
  }
}
