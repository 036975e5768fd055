import {
  type CallCount,
  type CallPage,
  type CallPageRequest,
  type CallQuery,
  type CallStore,
  type CallSummary,
  type ErasedPart,
  ProviderError,
  type StoredCall,
} from '../../contracts/index.ts'

/** What outlives a fake store: another one on the same is the same store, opened again. */
export type FakeStoreContent = Map<string, StoredCall>

const MAX_ERASED = 1000

/** A store in memory that keeps its promises: for tests of the host, and to be broken by tests of the suite. */
export function createFakeStore(content: FakeStoreContent = new Map()): CallStore {
  let closed = false
  const refuse = async (): Promise<void> => {
    // As one that asks somebody: nothing is there at once.
    await Promise.resolve()
    if (closed) throw new ProviderError('bad-request', 'the store is closed')
  }
  const matching = (query: CallQuery): StoredCall[] =>
    [...content.values()].filter((call) => isMeant(call, query)).sort(latestFirst)

  return {
    async put(calls) {
      await refuse()
      const copies = calls.map(copyOf)
      for (const call of copies) {
        const there = content.get(keyOf(call))
        const [kept, other] = there === undefined || replaces(call, there) ? [call, there] : [there, call]
        content.set(keyOf(call), kept.state === 'torn' ? { ...toldAtFirst(other), ...kept } : kept)
      }
    },
    async find(query, page) {
      await refuse()
      return pageOf(matching(query), page)
    },
    async get(id, startedAtMs) {
      await refuse()
      const found = matching({ id }).find(
        (call) => startedAtMs === undefined || call.startedAtMs === startedAtMs,
      )
      return found && copyOf(found)
    },
    async count(query, bordersMs) {
      await refuse()
      return bordersMs.slice(1).flatMap((untilMs, span) => {
        const sinceMs = Math.max(bordersMs[span]!, query.sinceMs ?? -Infinity)
        const until = Math.min(untilMs, query.untilMs ?? Infinity)
        return countsOf(span, matching({ ...query, sinceMs, untilMs: until }))
      })
    },
    async erase(part, query) {
      await refuse()
      const found = matching(query).filter((call) => has(call, part))
      const meant = found.reverse().slice(0, MAX_ERASED)
      for (const call of meant) erasePart(content, part, call)
      return meant.map(({ id, startedAtMs, pipeline, recording }) => ({
        id,
        startedAtMs,
        pipeline,
        ...(recording !== undefined && { recording }),
      }))
    },
    async close() {
      closed = true
    },
  }
}

const keyOf = ({ id, startedAtMs }: CallSummary): string => `${startedAtMs} ${id}`

function copyOf(call: StoredCall): StoredCall {
  try {
    return JSON.parse(JSON.stringify(call)) as StoredCall
  } catch {
    throw new ProviderError('bad-request', 'a call holds what JSON cannot carry')
  }
}

function replaces(call: StoredCall, there: StoredCall): boolean {
  return call.state === 'ended' || (call.state === 'torn' && there.state !== 'ended')
}

function toldAtFirst(there: StoredCall | undefined): Partial<StoredCall> {
  const told = (['version', 'node', 'from', 'to'] as const).flatMap((name) =>
    there?.[name] === undefined ? [] : [[name, there[name]] as const],
  )
  return Object.fromEntries(told)
}

function latestFirst(a: CallSummary, b: CallSummary): number {
  return b.startedAtMs - a.startedAtMs || (a.id < b.id ? 1 : -1)
}

function pageOf(found: readonly StoredCall[], { limit, cursor }: CallPageRequest): CallPage {
  const from = cursor === undefined ? 0 : found.findIndex((call) => isBehind(call, cursor))
  const calls = from < 0 ? [] : found.slice(from, from + limit)
  const last = calls.at(-1)
  return {
    calls: calls.map(({ facts: _facts, words: _words, ...summary }) => summary),
    ...(last !== undefined && found.at(-1) !== last && { next: keyOf(last) }),
  }
}

function countsOf(span: number, calls: readonly CallSummary[]): readonly CallCount[] {
  const outcomes = [...new Set(calls.map(({ outcome }) => outcome))]
  return outcomes.map((outcome) => ({
    span,
    ...(outcome !== undefined && { outcome }),
    calls: calls.filter((call) => call.outcome === outcome).length,
  }))
}

function isBehind({ id, startedAtMs }: CallSummary, cursor: string): boolean {
  const space = cursor.indexOf(' ')
  const lastMs = Number(cursor.slice(0, space))
  return startedAtMs < lastMs || (startedAtMs === lastMs && id < cursor.slice(space + 1))
}

function isMeant(call: StoredCall, query: CallQuery): boolean {
  const { sinceMs = 0, untilMs = Number.POSITIVE_INFINITY, text, party, slowMs, otherThan = [] } = query
  const same = ['from', 'to', 'outcome', 'pipeline', 'node', 'state', 'id'] as const
  return (
    call.startedAtMs >= sinceMs &&
    call.startedAtMs < untilMs &&
    same.every((name) => query[name] === undefined || query[name] === call[name]) &&
    !otherThan.includes(call.pipeline) &&
    (party === undefined || call.from === party || call.to === party) &&
    (slowMs === undefined || (call.slowestMs ?? -1) >= slowMs) &&
    (text === undefined || wasSaid(call, text))
  )
}

function wasSaid({ words }: StoredCall, text: string): boolean {
  const said = wordsOf((words?.lines ?? []).map((line) => line.text).join(' '))
  const wanted = wordsOf(text)
  return wanted.length > 0 && wanted.every((start) => said.some((word) => word.startsWith(start)))
}

function wordsOf(text: string): readonly string[] {
  const plain = text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase()
  return plain.match(/[\p{L}\p{N}]+/gu) ?? []
}

function has(call: StoredCall, part: ErasedPart): boolean {
  return part === 'call' || call[part] !== undefined
}

function erasePart(content: FakeStoreContent, part: ErasedPart, call: StoredCall): void {
  if (part === 'call') content.delete(keyOf(call))
  else content.set(keyOf(call), { ...call, [part]: undefined })
}
