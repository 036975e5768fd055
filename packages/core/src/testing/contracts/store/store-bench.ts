import type { CallStore, CallSummary, PluginContext, StoredCall } from '../../../contracts/index.ts'
import { expect, within } from '../common/contract-case.ts'
import type { ContractOptions } from '../common/contract-options.ts'
import { createSuite } from '../common/suite.ts'

export interface StoreContractOptions extends ContractOptions<CallStore> {
  /** Another provider on what the one that `create` made last has kept: the store, opened again. */
  createAgain(context: PluginContext): CallStore | Promise<CallStore>
  /**
   * A process of its own puts these batches into the same store, one after the other, and is killed (SIGKILL) when it
   * has done so for `afterMs`. Resolves when it is gone. Present: what it leaves is looked at.
   */
  putAndDie?(batches: readonly (readonly StoredCall[])[], afterMs: number): Promise<void>
}

/** A day at which nothing of a test begins by chance. */
export const DAY_MS = Date.UTC(2026, 10, 28)

type Change = { readonly [Name in keyof StoredCall]?: StoredCall[Name] | undefined }

/** The `n`th example: each has its own id, its own moment and words, so that what is mixed up shows. */
export function exampleCall(n: number, change: Change = {}): StoredCall {
  const call = {
    id: `CA${n}`,
    startedAtMs: DAY_MS + n * 1000,
    state: 'ended',
    pipeline: n % 2 === 0 ? 'front-desk' : 'night-desk',
    version: 'abc123',
    node: 'node-1',
    owner: `process ${n}`,
    direction: n % 5 === 0 ? 'out' : 'in',
    from: `+1555010${n}`,
    to: '+15550999',
    durationMs: 60_000 + n,
    outcome: n % 3 === 0 ? 'agent' : 'caller',
    turns: n,
    slowestMs: 500 + n,
    cost: n / 1000,
    currency: 'EUR',
    recording: `recordings/${n}.wav`,
    facts: { counters: { rx_frames: n }, turns: [{ turn: 1, first_frame_ms: 500 + n }] },
    words: {
      lines: [
        { atMs: 0, who: 'agent', text: `Hello, this is number${n} speaking.`, heard: 'Hello,' },
        { atMs: 900, who: 'caller', text: `I would like the table${n} for Zoë.` },
      ],
      more: { tools: [{ tool: 'book', arguments: `{"n":${n}}` }] },
    },
    ...change,
  }
  // What is taken away is not there, as in what comes back.
  return Object.fromEntries(
    Object.entries(call).filter(([, value]) => value !== undefined),
  ) as unknown as StoredCall
}

/** How the cases put and look. */
export function createStoreBench(options: StoreContractOptions) {
  const suite = createSuite('store', options)
  const { stepMs } = suite

  const put = (store: CallStore, ...calls: readonly StoredCall[]): Promise<void> =>
    within(store.put(calls), stepMs, 'put to resolve')
  const find = async (
    store: CallStore,
    query: Parameters<CallStore['find']>[0] = {},
    limit = 100,
  ): Promise<readonly CallSummary[]> => (await within(store.find(query, { limit }), stepMs, 'find')).calls
  const ids = async (store: CallStore, query: Parameters<CallStore['find']>[0] = {}): Promise<string> =>
    (await find(store, query)).map(({ id }) => id).join(' ')
  const get = (store: CallStore, id: string, startedAtMs?: number) =>
    within(store.get(id, startedAtMs), stepMs, 'get')

  async function expectKept(store: CallStore, call: StoredCall): Promise<void> {
    const found = await get(store, call.id, call.startedAtMs)
    expectSame(found, call, `call ${call.id}`)
  }

  return { options, suite, put, find, ids, get, expectKept }
}
export type StoreBench = ReturnType<typeof createStoreBench>

export function expectSame(found: unknown, wanted: unknown, what: string): void {
  const [is, should] = [sorted(found), sorted(wanted)]
  expect(is === should, `${what} to be ${should}`, `it is ${is}`)
}

/** JSON with keys in order: stores may have their own. */
function sorted(value: unknown): string {
  return (
    JSON.stringify(value, (_key, part: unknown) =>
      typeof part === 'object' && part !== null && !Array.isArray(part)
        ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
        : part,
    ) ?? 'undefined'
  )
}
