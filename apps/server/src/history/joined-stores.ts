import { type CallPage, type CallQuery, type CallStore, type CallSummary, ProviderError } from '@kav/core'

/** Several stores as one, to be asked. What cannot be asked of one of them is a fault: a part is not the whole. */
export type JoinedStores = Pick<CallStore, 'find' | 'get' | 'erase' | 'settle'>

/** Of one page of one store. */
const MAX_PAGE = 1000

/**
 * Calls of all of them, in one order by time. A cursor is a time, and how many calls of each store that began at this
 * very moment were given; so it holds across stores, and while calls come in.
 */
export function joinStores(stores: readonly CallStore[]): JoinedStores {
  const [only] = stores
  if (only !== undefined && stores.length === 1) return only

  return {
    find: (query, { limit, cursor }) => findIn(stores, query, limit, cursor),
    async get(id, startedAtMs) {
      const found = await Promise.all(stores.map((store) => store.get(id, startedAtMs)))
      return found
        .filter((call) => call !== undefined)
        .reduce<(typeof found)[number]>(
          (last, call) => (last !== undefined && last.startedAtMs >= call.startedAtMs ? last : call),
          undefined,
        )
    },
    async erase(part, query) {
      const erased = []
      for (const store of stores) erased.push(...(await store.erase(part, query)))
      return erased
    },
    async settle() {
      const settled = await Promise.all(stores.map(async (store) => (await store.settle?.()) ?? true))
      return settled.every((one) => one)
    },
  }
}

/** Where a page ended: `1796083200000.2.0`. */
interface Place {
  readonly atMs: number
  /** By store: calls of that moment that were given. */
  readonly given: readonly number[]
}

async function findIn(
  stores: readonly CallStore[],
  query: CallQuery,
  limit: number,
  cursor: string | undefined,
): Promise<CallPage> {
  const from = cursor === undefined ? undefined : placeOf(cursor)
  const rows = stores.map((store, index) => readRow(store, query, limit, from, index))
  const heads = await Promise.all(rows.map((row) => row.next()))
  const calls: CallSummary[] = []
  let atMs = from?.atMs ?? Infinity
  let given = stores.map((_, index) => from?.given[index] ?? 0)
  const wanted = Math.min(Math.max(1, Math.trunc(limit)), MAX_PAGE)
  for (;;) {
    const first = latestOf(heads)
    if (first === undefined) return { calls }
    const call = heads[first]!.value as CallSummary
    // Two stores may be two ways to the same.
    const isThere = calls.some(({ id, startedAtMs }) => id === call.id && startedAtMs === call.startedAtMs)
    if (!isThere && calls.length >= wanted) return { calls, next: [atMs, ...given].join('.') }
    if (!isThere) calls.push(call)
    if (call.startedAtMs !== atMs) given = stores.map(() => 0)
    atMs = call.startedAtMs
    given[first] = given[first]! + 1
    heads[first] = await rows[first]!.next()
  }
}

/** The calls of one store from a place on, a page of its own at a time. */
async function* readRow(
  store: CallStore,
  query: CallQuery,
  limit: number,
  from: Place | undefined,
  index: number,
): AsyncGenerator<CallSummary, undefined> {
  const untilMs = Math.min(query.untilMs ?? Infinity, from === undefined ? Infinity : from.atMs + 1)
  const asked = { ...query, ...(untilMs < Infinity && { untilMs }) }
  let left = from?.given[index] ?? 0
  let cursor: string | undefined
  do {
    const most = Math.min(limit + left + 1, MAX_PAGE)
    const page = await store.find(asked, { limit: most, ...(cursor !== undefined && { cursor }) })
    for (const call of page.calls)
      if (left > 0 && call.startedAtMs === from?.atMs) left--
      else yield call
    cursor = page.next
  } while (cursor !== undefined)
}

function latestOf(heads: readonly IteratorResult<CallSummary, undefined>[]): number | undefined {
  let first: number | undefined
  for (const [index, head] of heads.entries()) {
    if (head.done === true) continue
    const best = first === undefined ? undefined : (heads[first]!.value as CallSummary)
    if (best === undefined || head.value.startedAtMs > best.startedAtMs) first = index
  }
  return first
}

function placeOf(cursor: string): Place {
  if (!/^\d{1,16}(?:\.\d{1,9})+$/.test(cursor))
    throw new ProviderError('bad-request', 'the cursor is not one that a page gave')
  const [atMs, ...given] = cursor.split('.').map(Number)
  return { atMs: atMs!, given }
}
