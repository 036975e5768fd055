import { describe } from 'vitest'
import { type CallPage, type CallStore, ProviderError, type StoredCall } from '../../src/index.ts'
import {
  callStoreContract,
  createFakeStore,
  type FakeStoreContent,
  type StoreContractOptions,
} from '../../src/testing/index.ts'
import { breaksHost, breaksWords, SECRET } from './host-faults.ts'
import { createPromiseTable } from './promise-table.ts'
import { breaksCounts } from './store-count-faults.ts'
import { breaksNumbers } from './store-number-faults.ts'
import { expectFailure, passesAll, PATIENT, QUICK } from './suite-failures.ts'

type Change = (store: CallStore, content: FakeStoreContent) => CallStore

/** A process that is killed has put some of the batches, the last one by half. */
function options(change: Change = (store) => store, crash = { half: 0, torn: false }): StoreContractOptions {
  let content: FakeStoreContent = new Map()
  const create = () => {
    content = new Map()
    return change(createFakeStore(content), content)
  }
  return {
    ...QUICK,
    create,
    createAgain: () => change(createFakeStore(content), content),
    async putAndDie(batches, afterMs) {
      const store = createFakeStore(content)
      for (const batch of batches.slice(0, afterMs % 20)) await store.put(batch)
      const last = batches.at(-1)!
      for (const call of last.slice(0, crash.half))
        content.set(call.id, crash.torn ? { ...call, words: { lines: [], more: {} } } : call)
    },
  }
}

const fails = (change: Change, caseName: string, message: RegExp) =>
  expectFailure(callStoreContract(options(change)), caseName, message)

const putting =
  (change: (calls: readonly StoredCall[]) => readonly StoredCall[]): Change =>
  (store) => ({ ...store, put: (calls) => store.put(change(calls)) })
const finding =
  (change: (page: CallPage) => CallPage): Change =>
  (store) => ({ ...store, find: async (query, page) => change(await store.find(query, page)) })
const asking =
  (change: (query: Parameters<CallStore['find']>[0]) => Parameters<CallStore['find']>[0]): Change =>
  (store) => ({ ...store, find: (query, page) => store.find(change(query), page) })

const { breaks, hasNoHole } = createPromiseTable('store')

const failing = (error: unknown): CallStore => {
  const fail = async () => {
    throw error
  }
  return { warm: fail, put: fail, find: fail, get: fail, erase: fail, close: async () => undefined }
}
const DOWN = new ProviderError('network', 'the database does not answer')

const WHOLE: StoreContractOptions = {
  ...options(),
  createFailing: () => failing(DOWN),
  failingClass: 'network',
  secrets: [SECRET],
}

describe('the store suite passes on a good store', () => {
  passesAll(callStoreContract({ ...WHOLE, ...PATIENT }))
})

describe('the store suite notices a store that', () => {
  const BACK = 'a call is given back as it was put'
  const noTools = putting((calls) =>
    calls.map((call) => (call.words ? { ...call, words: { ...call.words, more: {} } } : call)),
  )
  breaks('gives-back', 'loses what tools were told', () => fails(noTools, BACK, /to be/))
  const noReason = putting((calls) => calls.map(({ reason: _reason, ...call }) => call))
  breaks('gives-back', 'loses why one was refused', () =>
    fails(noReason, 'a call that was refused has its reason, in lists as well', /to be/),
  )
  breaks('gives-back', 'takes a call’s id for all of its name', () =>
    fails(
      (store, content) => ({
        ...store,
        async put(calls) {
          for (const { id } of calls) for (const [key, old] of content) if (old.id === id) content.delete(key)
          await store.put(calls)
        },
      }),
      'two calls of one id',
      /to be/,
    ),
  )
  breaks('gives-back', 'cannot keep a zero character', () =>
    fails(
      putting((calls) => JSON.parse(JSON.stringify(calls).replaceAll('\\u0000', '')) as StoredCall[]),
      'whatever was said',
      /to be/,
    ),
  )
  breaks('again', 'refuses what it has', () =>
    fails(
      (store, content) => ({
        ...store,
        async put(calls) {
          if (calls.some(({ id, startedAtMs }) => content.has(`${startedAtMs} ${id}`))) throw DOWN
          await store.put(calls)
        },
      }),
      'the same calls again',
      /does not answer/,
    ),
  )
  breaks('replaces', 'keeps what was there first', () =>
    fails(
      (store, content) => ({
        ...store,
        put: async (calls) =>
          store.put(calls.filter(({ id, startedAtMs }) => !content.has(`${startedAtMs} ${id}`))),
      }),
      'what is put last',
      /to be/,
    ),
  )
  const overwrites: Change = (store, content) => ({
    ...store,
    async put(calls) {
      await store.put([])
      for (const call of calls) content.set(`${call.startedAtMs} ${call.id}`, call)
    },
  })
  breaks('begun', 'lets a beginning replace an end', () =>
    fails(overwrites, 'a call that has begun', /to be/),
  )
  breaks('torn', 'lets a torn call replace a whole one', () => fails(overwrites, 'a torn call does', /to be/))
  breaks('torn-told', 'forgets who called', () =>
    fails(
      (store, content) => ({
        ...store,
        async put(calls) {
          for (const { id, startedAtMs } of calls) content.delete(`${startedAtMs} ${id}`)
          await store.put(calls.slice(-1))
        },
      }),
      'a torn call has the numbers',
      /to be/,
    ),
  )
  breaks('orders', 'lets a beginning that comes late add nothing', () =>
    fails(
      (store, content) => ({
        ...store,
        async put(calls) {
          for (const call of calls)
            if (call.state !== 'begun' || !content.has(`${call.startedAtMs} ${call.id}`))
              await store.put([call])
        },
      }),
      'the order in which',
      /to be/,
    ),
  )
  breaks('all-or-none', 'puts what it can of a batch', () =>
    fails(
      (store) => ({
        ...store,
        async put(calls) {
          for (const call of calls) await store.put([call])
        },
      }),
      'a batch with a call that cannot be kept',
      /to be/,
    ),
  )
  breaks('together', 'cannot do two things at once', () => {
    let busy = false
    return fails(
      (store) => ({
        ...store,
        async put(calls) {
          if (busy) throw DOWN
          busy = true
          await store.put(calls)
          busy = false
        },
      }),
      'batches, searches and erasures',
      /does not answer/,
    )
  })
  breaks('lasts', 'forgets when it is closed', () =>
    fails(
      (store, content) => ({
        ...store,
        async close() {
          content.clear()
          await store.close()
        },
      }),
      'what was put is there when',
      /to be/,
    ),
  )
  breaks('killed', 'has half a call of a process that died', () =>
    expectFailure(
      callStoreContract(options(undefined, { half: 10, torn: true })),
      'a process that is killed',
      /who was killed|that was killed/,
    ),
  )
  breaks('killed', 'has half a batch of a process that died', () =>
    expectFailure(
      callStoreContract(options(undefined, { half: 5, torn: false })),
      'a process that is killed',
      /batches of ten/,
    ),
  )
  breaks('order', 'gives the oldest first', () =>
    fails(
      finding((page) => ({ ...page, calls: [...page.calls].reverse() })),
      'calls that began last',
      /to be/,
    ),
  )
  breaks('order', 'lists what was said', () =>
    fails(
      (store, content) => ({
        ...store,
        async find(query, page) {
          const found = await store.find(query, page)
          return {
            ...found,
            calls: found.calls.map((call) => content.get(`${call.startedAtMs} ${call.id}`)!),
          }
        },
      }),
      'calls that began last',
      /to be/,
    ),
  )
  breaks('pages', 'counts pages from the top', () =>
    fails(
      (store) => ({
        ...store,
        async find(query, { limit, cursor = '0' }) {
          const { calls } = await store.find(query, { limit: 1000 })
          const next = Number(cursor) + limit
          return {
            calls: calls.slice(Number(cursor), next),
            ...(next < calls.length && { next: String(next) }),
          }
        },
      }),
      'each call is on one page',
      /to be/,
    ),
  )
  breaks('time', 'takes the end for part of it', () =>
    fails(
      asking(({ untilMs, ...query }) => ({
        ...query,
        ...(untilMs !== undefined && { untilMs: untilMs + 1 }),
      })),
      'calls are found by when',
      /to be/,
    ),
  )
  breaksNumbers(breaks, (change, caseName, message) => fails(asking(change), caseName, message))
  breaks('text', 'looks for the first word alone', () =>
    fails(
      asking(({ text, ...query }) => ({
        ...query,
        ...(text !== undefined && { text: text.split(' ')[0]! }),
      })),
      'calls are found by beginnings',
      /to be/,
    ),
  )
  breaks('any-text', 'has a language in its searches', () =>
    fails(
      (store) => ({
        ...store,
        async find(query, page) {
          if (query.text?.includes('"')) throw DOWN
          return store.find(query, page)
        },
      }),
      'any text may be looked for',
      /does not answer/,
    ),
  )
  breaks('facts', 'does not know how slow a call was', () =>
    fails(
      asking(({ slowMs: _slow, ...query }) => query),
      'calls are found by facts',
      /to be/,
    ),
  )
  breaksCounts(breaks, fails)
  breaks('erase-call', 'erases everything', () =>
    fails(
      (store) => ({ ...store, erase: (part) => store.erase(part, {}) }),
      'the calls that are meant',
      /to be/,
    ),
  )
  breaks('erase-words', 'still has what was said', () =>
    fails(
      (store) => ({
        ...store,
        erase: (part, query) => store.erase(part === 'words' ? 'recording' : part, query),
      }),
      'what was said is gone',
      /to be/,
    ),
  )
  breaks('erase-recording', 'does not say where it was', () =>
    fails(
      (store) => ({
        ...store,
        erase: async (part, query) =>
          (await store.erase(part, query)).map(({ recording: _recording, ...rest }) => rest),
      }),
      'recordings are forgotten',
      /to be/,
    ),
  )
  breaks('erase-settled', 'never says that nothing is left', () =>
    fails((store) => ({ ...store, settle: async () => false }), 'nothing of what was erased', /to be/),
  )
  breaks('erase-bound', 'erases the youngest first', () =>
    fails(
      (store, content) => ({
        ...store,
        async erase(part, query) {
          if (part !== 'call') return store.erase(part, query)
          const { calls } = await store.find(query, { limit: 1000 })
          for (const { id, startedAtMs } of calls) content.delete(`${startedAtMs} ${id}`)
          return calls
        },
      }),
      '1000 calls are erased',
      /to be/,
    ),
  )
  breaks('closes', 'waits at close for ever', () =>
    fails((store) => ({ ...store, close: () => new Promise(() => {}) }), 'close settles', /close to resolve/),
  )
  breaks('refuses', 'goes on after the close', () =>
    fails((store) => ({ ...store, close: async () => undefined }), 'everything is refused', /to refuse/),
  )
  breaks('stray-errors', 'lets a rejection go astray', () =>
    fails(
      (store) => ({
        ...store,
        async get(...asked) {
          void Promise.reject(new Error('nobody reads this'))
          return store.get(...asked)
        },
      }),
      BACK,
      /nobody reads this/,
    ),
  )
  breaks('fault', 'fails with an error of its own', () =>
    expectFailure(
      callStoreContract({ ...WHOLE, createFailing: () => failing(new Error('SQLITE_BUSY')) }),
      'a fault is a ProviderError',
      /SQLITE_BUSY/,
    ),
  )
  breaks('fault-class', 'takes a server that is down for a bug', () =>
    expectFailure(
      callStoreContract({ ...WHOLE, createFailing: () => failing(new ProviderError('bad-data', 'down')) }),
      'a fault is of the class',
      /"bad-data"/,
    ),
  )
  const suiteOf: Parameters<typeof breaksHost>[1] = (atCreate) =>
    callStoreContract({
      ...WHOLE,
      create(context) {
        atCreate(context)
        return createFakeStore()
      },
    })
  breaksHost(breaks, suiteOf)
  breaksWords(breaks, suiteOf, 'I would like the table1 for Zoë.')
})

describe('the store suite', () => hasNoHole(callStoreContract(WHOLE)))
