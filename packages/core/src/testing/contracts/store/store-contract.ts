import type { CallQuery, CallStore, StoredCall, StoredState } from '../../../contracts/index.ts'
import { type ContractCase, expect, within } from '../common/contract-case.ts'
import { classCases, hostCases, hostProbe, wordsCases } from '../common/host-cases.ts'
import { leavesNothingOpen } from '../common/open-handles.ts'
import { expectProviderError, settled } from '../common/outcome.ts'
import {
  createStoreBench,
  DAY_MS,
  exampleCall,
  expectSame,
  type StoreBench,
  type StoreContractOptions,
} from './store-bench.ts'
import { storeCounts } from './store-counts.ts'
import { storeErasures } from './store-erasures.ts'
import { storeNumbers } from './store-numbers.ts'

export type { StoreContractOptions } from './store-bench.ts'

/** Texts that have broken stores. */
const ODD_TEXTS = [
  '',
  ' ',
  "'; drop table calls; --",
  '"*" OR (NOT)',
  '\u0000\u0001',
  '\ud800 alone',
  '🙂'.repeat(300),
  'שָׁלוֹם עולם',
  '%_\\',
  'a'.repeat(20_000),
]

/** What was put is there. */
function kept({ suite, put, get, find, expectKept }: StoreBench): ContractCase[] {
  return [
    suite.onFresh(['gives-back', 'stray-errors'], 'a call is given back as it was put', async (store) => {
      await put(store, exampleCall(1), exampleCall(2, { words: undefined, recording: undefined }))
      await expectKept(store, exampleCall(1))
      await expectKept(store, exampleCall(2, { words: undefined, recording: undefined }))
      expect((await get(store, 'CA3')) === undefined, 'nothing for a call that was never put', 'there is one')
    }),
    suite.onFresh('gives-back', 'a call with next to nothing is given back so', async (store) => {
      const bare: StoredCall = {
        id: 'x',
        startedAtMs: 0,
        state: 'begun',
        pipeline: '',
        direction: 'in',
        durationMs: 0,
        turns: 0,
        facts: {},
      }
      await put(store, bare)
      await expectKept(store, bare)
    }),
    suite.onFresh('gives-back', 'a call that was refused has its reason, in lists as well', async (store) => {
      const refused = { outcome: 'refused', reason: 'full', durationMs: 0, turns: 0, words: undefined }
      await put(store, exampleCall(1, refused), exampleCall(2))
      await expectKept(store, exampleCall(1, refused))
      const found = await find(store, { outcome: 'refused', from: '+15550101' })
      expectSame(found.map(({ id, reason }) => `${id} ${reason}`).join(), 'CA1 full', 'who was refused')
    }),
    suite.onFresh('gives-back', 'whatever was said is given back', async (store) => {
      const calls = ODD_TEXTS.map((text, n) =>
        exampleCall(n, { words: { lines: [{ atMs: 1, who: 'caller', text, heard: text }], more: { text } } }),
      )
      await put(store, ...calls)
      for (const call of calls) await expectKept(store, call)
    }),
    suite.onFresh('gives-back', 'two calls of one id are told apart by when they began', async (store) => {
      const [first, second] = [exampleCall(1), exampleCall(1, { startedAtMs: DAY_MS + 5, turns: 9 })]
      await put(store, second)
      await put(store, first)
      await expectKept(store, first)
      await expectKept(store, second)
      expectSame((await get(store, 'CA1'))?.startedAtMs, first.startedAtMs, 'the one that began last')
    }),
  ]
}

/** Which of two that are put of one call is there. */
function replacing({ suite, put, ids, expectKept }: StoreBench): ContractCase[] {
  return [
    suite.onFresh('again', 'the same calls again are there once', async (store) => {
      await put(store, exampleCall(1), exampleCall(2))
      await put(store, exampleCall(1), exampleCall(2), exampleCall(1))
      expectSame(await ids(store), 'CA2 CA1', 'the calls')
      await expectKept(store, exampleCall(1))
    }),
    suite.onFresh('replaces', 'what is put last is what is there', async (store) => {
      await put(store, exampleCall(1, { state: 'begun' }))
      await put(store, exampleCall(1, { state: 'torn', outcome: 'killed' }))
      await put(
        store,
        exampleCall(1, { words: { lines: [{ atMs: 0, who: 'caller', text: 'other' }], more: {} } }),
      )
      await put(store, exampleCall(1, { words: undefined, turns: 7 }))
      await expectKept(store, exampleCall(1, { words: undefined, turns: 7 }))
      expectSame(await ids(store, { text: 'other' }), '', 'calls in which what was replaced was said')
    }),
    suite.onFresh('begun', 'a call that has begun replaces nothing', async (store) => {
      for (const [n, state] of (['ended', 'torn'] as const).entries()) {
        await put(store, exampleCall(n, { state }))
        await put(store, exampleCall(n, { state: 'begun', turns: 0 }))
        await expectKept(store, exampleCall(n, { state }))
      }
    }),
    suite.onFresh('torn', 'a torn call does not replace one that ended', async (store) => {
      await put(store, exampleCall(1))
      await put(store, exampleCall(1, { state: 'torn', turns: 0 }))
      await expectKept(store, exampleCall(1))
    }),
    suite.onFresh('torn-told', 'a torn call has the numbers that its beginning told', async (store) => {
      const lost = { version: undefined, node: undefined, from: undefined, to: undefined }
      for (const [n, isTogether] of [true, false].entries()) {
        const begun = exampleCall(n, { state: 'begun', words: undefined })
        const torn = exampleCall(n, { state: 'torn', ...lost })
        if (isTogether) await put(store, begun, torn)
        else for (const call of [begun, torn]) await put(store, call)
        await expectKept(store, exampleCall(n, { state: 'torn' }))
      }
      await put(store, exampleCall(1, { ...lost, from: '+15550188' }))
      await expectKept(store, exampleCall(1, { ...lost, from: '+15550188' }))
    }),
    suite.onFresh('orders', 'the order in which a call’s states come changes nothing', async (store) => {
      const lost = { version: undefined, node: undefined, from: undefined, to: undefined }
      let n = 0
      for (const states of [...ordersOf(['begun', 'torn']), ...ordersOf(['begun', 'torn', 'ended'])])
        for (const isTogether of [true, false]) {
          const calls = states.map((state) =>
            exampleCall(n, { state, ...(state === 'torn' && lost), ...(state === 'begun' && { turns: 0 }) }),
          )
          if (isTogether) await put(store, ...calls)
          else for (const call of calls) await put(store, call)
          await expectKept(store, exampleCall(n++, states.length === 2 ? { state: 'torn' } : {}))
        }
    }),
  ]
}

function ordersOf(states: readonly StoredState[]): readonly (readonly StoredState[])[] {
  if (states.length < 2) return [states]
  return states.flatMap((state) =>
    ordersOf(states.filter((other) => other !== state)).map((rest) => [state, ...rest]),
  )
}

/** What holds of many. */
function batches({ suite, options, put, ids, find, expectKept }: StoreBench): ContractCase[] {
  return [
    suite.onFresh(
      ['all-or-none', 'fault'],
      'a batch with a call that cannot be kept leaves nothing',
      async (store) => {
        const bad = exampleCall(3, { facts: { figure: 1n } })
        const { error } = await settled(
          within(store.put([exampleCall(1), bad, exampleCall(2)]), suite.stepMs, 'put'),
        )
        expectProviderError(error, 'put of what JSON cannot carry to reject with')
        expectSame(await ids(store), '', 'what is there of the batch')
      },
    ),
    suite.onFresh('together', 'batches, searches and erasures go on beside each other', async (store) => {
      const batches = Array.from({ length: 8 }, (_, of) =>
        Array.from({ length: 20 }, (_, n) => exampleCall(of * 20 + n)),
      )
      await Promise.all([
        ...batches.map((calls) => put(store, ...calls)),
        ...batches.map(() => find(store, { text: 'table1' })),
        ...batches.map((_, n) => within(store.erase('call', { id: `never${n}` }), suite.stepMs, 'erase')),
      ])
      expectSame((await find(store, {}, 1000)).length, 160, 'the number of calls')
    }),
    suite.alone('lasts', 'what was put is there when the store is opened again', async () => {
      await suite.use(options.create, async (store) => put(store, exampleCall(1), exampleCall(2)))
      await suite.use(options.createAgain, async (store) => {
        await expectKept(store, exampleCall(1))
        expectSame(await ids(store, { text: 'table2' }), 'CA2', 'what is found')
      })
    }),
  ]
}

const KILLS = 4

/** What a process leaves that is killed. */
function kills({ suite, options, get, find }: StoreBench): ContractCase[] {
  const { putAndDie } = options
  if (putAndDie === undefined) return []
  return [
    suite.alone('killed', 'a process that is killed leaves each call whole or not at all', async () => {
      await suite.use(options.create, async (store) => store.find({}, { limit: 1 }).then(() => undefined))
      const calls = Array.from({ length: 600 }, (_, n) => exampleCall(n))
      const batches = Array.from({ length: 60 }, (_, of) => calls.slice(of * 10, of * 10 + 10))
      for (let kill = 0; kill < KILLS; kill++) {
        await putAndDie(batches, 3 + kill * 11)
        await suite.use(options.createAgain, async (store) => {
          const names = (await find(store, {}, 1000)).map(({ id }) => id)
          for (const name of names) {
            const n = Number(name.slice('CA'.length))
            expectSame(await get(store, name), calls[n], `call ${name} of a process that was killed`)
          }
          const there = names.length
          expect(there % 10 === 0, 'whole batches', `there are ${there} calls of batches of ten`)
        })
      }
    }),
  ]
}

/** What is found. */
function searches({ suite, put, ids, find }: StoreBench): ContractCase[] {
  const finds = async (store: CallStore, query: CallQuery, wanted: string) =>
    expectSame(await ids(store, query), wanted, `what is found by ${JSON.stringify(query)}`)
  return [
    suite.onFresh('order', 'calls that began last come first', async (store) => {
      await put(store, exampleCall(2), exampleCall(5), exampleCall(1))
      await finds(store, {}, 'CA5 CA2 CA1')
      const [first] = await find(store)
      const { facts: _facts, words: _words, ...summary } = exampleCall(5)
      expectSame(first, summary, 'what a list holds of a call')
    }),
    suite.onFresh('pages', 'each call is on one page, also while more come in', async (store) => {
      // Many at the same moment: their order must hold, too.
      const calls = Array.from({ length: 23 }, (_, n) =>
        exampleCall(n, { startedAtMs: DAY_MS + Math.floor(n / 7) }),
      )
      await put(store, ...calls)
      const seen: string[] = []
      let cursor: string | undefined
      for (let page = 0; page < 10; page++) {
        const { calls, next } = await store.find({}, { limit: 5, ...(cursor !== undefined && { cursor }) })
        expect(calls.length <= 5, 'at most 5 on a page', `there are ${calls.length}`)
        seen.push(...calls.map(({ id }) => id))
        await put(store, exampleCall(100 + page, { startedAtMs: DAY_MS + 100 + page }))
        cursor = next
        if (cursor === undefined) break
      }
      expectSame([...seen].sort(), calls.map(({ id }) => id).sort(), 'the calls of all pages')
    }),
    suite.onFresh('time', 'calls are found by when they began', async (store) => {
      await put(store, exampleCall(1), exampleCall(2), exampleCall(3))
      await finds(store, { sinceMs: DAY_MS + 2000 }, 'CA3 CA2')
      await finds(store, { untilMs: DAY_MS + 2000 }, 'CA1')
      await finds(store, { sinceMs: DAY_MS + 2000, untilMs: DAY_MS + 3000 }, 'CA2')
    }),
    suite.onFresh('text', 'calls are found by beginnings of words that were said', async (store) => {
      await put(store, exampleCall(1), exampleCall(2), exampleCall(12))
      await finds(store, { text: 'table2' }, 'CA2')
      await finds(store, { text: 'TABLE1' }, 'CA12 CA1')
      await finds(store, { text: 'number1 like table12' }, 'CA12')
      await finds(store, { text: 'zoe' }, 'CA12 CA2 CA1')
      await finds(store, { text: 'Zoë, speaking!' }, 'CA12 CA2 CA1')
      await finds(store, { text: 'able1' }, '')
      await finds(store, { text: 'book' }, '')
      await finds(store, { text: 'table', from: '+15550102' }, 'CA2')
    }),
    suite.onFresh('any-text', 'any text may be looked for', async (store) => {
      await put(
        store,
        exampleCall(1),
        exampleCall(2, { words: { lines: [{ atMs: 0, who: 'caller', text: 'שָׁלוֹם עולם' }], more: {} } }),
      )
      await finds(store, { text: 'שלום' }, 'CA2')
      for (const text of ODD_TEXTS) await within(store.find({ text }, { limit: 10 }), suite.stepMs, 'find')
      for (const text of ["'", '"', '* -', '&|!:()']) await finds(store, { text }, '')
      await finds(store, { from: "' or 1=1 --" }, '')
    }),
    suite.onFresh('facts', 'calls are found by facts', async (store) => {
      await put(store, exampleCall(1), exampleCall(2, { node: 'node-2' }), exampleCall(3, { state: 'begun' }))
      await finds(store, { outcome: 'agent' }, 'CA3')
      await finds(store, { pipeline: 'front-desk' }, 'CA2')
      await finds(store, { otherThan: ['front-desk', 'no-desk'] }, 'CA3 CA1')
      await finds(store, { otherThan: [] }, 'CA3 CA2 CA1')
      await finds(store, { node: 'node-2' }, 'CA2')
      await finds(store, { state: 'begun' }, 'CA3')
      await finds(store, { slowMs: 502 }, 'CA3 CA2')
      await finds(store, { pipeline: 'night-desk', outcome: 'caller' }, 'CA1')
    }),
  ]
}

/** How it ends. */
function endings({ suite, put, options }: StoreBench): ContractCase[] {
  const asked: readonly ((store: CallStore) => Promise<unknown>)[] = [
    (store) => store.put([exampleCall(1)]),
    (store) => store.find({}, { limit: 1 }),
    (store) => store.get('CA1'),
    async (store) => store.count?.({}, [0, DAY_MS]) ?? store.get('CA1'),
    (store) => store.erase('call', { id: 'CA1' }),
  ]
  return [
    suite.onFresh(['closes', 'fault'], 'close settles what is under way', async (store) => {
      await put(store, exampleCall(1))
      const under = asked.map((ask) => settled(ask(store)))
      await within(Promise.all([store.close(), store.close()]), suite.stepMs, 'close to resolve')
      for (const { error } of await within(
        Promise.all(under),
        suite.promptMs,
        'all to settle after the close',
      ))
        if (error !== undefined) expectProviderError(error, 'what is cut off to reject with')
    }),
    suite.onFresh('refuses', 'everything is refused after the close', async (store) => {
      await within(store.close(), suite.stepMs, 'close to resolve')
      for (const ask of asked) {
        const { error } = await within(settled(ask(store)), suite.promptMs, 'a closed store to refuse')
        expectProviderError(error, 'a closed store to refuse with')
      }
    }),
    suite.alone('nothing-left', 'nothing is left open when the store was closed at work', async () => {
      await leavesNothingOpen(suite.settleMs, 'the store was closed', async () => {
        const store = await options.create(suite.witness.lend().context)
        await put(store, exampleCall(1))
        const under = settled(store.find({ text: 'table' }, { limit: 10 }))
        await within(store.close(), suite.stepMs, 'close to resolve')
        await within(under, suite.promptMs, 'a search to settle after the close')
      })
    }),
  ]
}

/** What a store that cannot be reached does. */
function faults({ suite }: StoreBench): ContractCase[] {
  return [
    suite.onFailing('fault', 'a fault is a ProviderError, of everything', async (store) => {
      const asked: readonly (() => Promise<unknown>)[] = [
        () => store.put([exampleCall(1)]),
        () => store.find({}, { limit: 1 }),
        () => store.get('CA1'),
        () => store.erase('words', {}),
        ...(store.count === undefined ? [] : [async () => store.count?.({}, [0, DAY_MS])]),
        ...(store.warm === undefined ? [] : [async () => store.warm?.()]),
      ]
      for (const ask of asked) {
        const { error } = await within(settled(ask()), suite.stepMs, 'it to settle')
        expectProviderError(error, 'a store that cannot be reached to reject with')
      }
    }),
  ]
}

/** What is alike for all providers. */
function shared({ options, suite, put }: StoreBench): ContractCase[] {
  const call = exampleCall(1)
  const exercise = async (store: CallStore) => {
    suite.witness.heard(...call.words!.lines.map(({ text }) => text), call.from!)
    await put(store, call)
    await store.find({ text: 'table1', from: call.from! }, { limit: 1 })
  }
  const probe = hostProbe(suite, options, {
    exercise,
    faultOf: async (store) => (await settled(exercise(store))).error,
  })
  return [
    ...hostCases(suite, options, probe),
    ...wordsCases(suite, probe),
    ...classCases(suite, options, probe),
  ]
}

/** The contract of `CallStore`, one case a sentence. Every store that `create` makes is empty. */
export function callStoreContract(options: StoreContractOptions): ContractCase[] {
  const bench = createStoreBench(options)
  return [
    ...kept(bench),
    ...replacing(bench),
    ...batches(bench),
    ...kills(bench),
    ...searches(bench),
    ...storeNumbers(bench),
    ...storeCounts(bench),
    ...storeErasures(bench),
    ...endings(bench),
    ...(options.createFailing === undefined ? [] : faults(bench)),
    ...shared(bench),
  ]
}
