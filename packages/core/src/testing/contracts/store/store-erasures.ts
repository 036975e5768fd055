import type { CallQuery, CallStore, ErasedPart } from '../../../contracts/index.ts'
import { type ContractCase, within } from '../common/contract-case.ts'
import { DAY_MS, exampleCall, expectSame, type StoreBench } from './store-bench.ts'

/** Erasures of a store. */
export function storeErasures({ suite, put, ids, get, expectKept }: StoreBench): ContractCase[] {
  const erase = async (store: CallStore, part: ErasedPart, query: CallQuery): Promise<string> =>
    (await within(store.erase(part, query), suite.stepMs, 'erase')).map(({ id }) => id).join(' ')
  return [
    suite.onFresh('erase-call', 'the calls that are meant are gone, and no other', async (store) => {
      await put(store, exampleCall(1), exampleCall(2, { to: '+15550101' }), exampleCall(3))
      expectSame(await erase(store, 'call', { party: '+15550101' }), 'CA1 CA2', 'what was erased')
      expectSame(await ids(store), 'CA3', 'what is left')
      expectSame(await ids(store, { text: 'table1' }), '', 'what is found of the erased')
      expectSame(await get(store, 'CA1'), undefined, 'the erased call')
      await expectKept(store, exampleCall(3))
      expectSame(await erase(store, 'call', { party: '+15550101' }), '', 'what is erased when it is gone')
    }),
    suite.onFresh('erase-call', 'an erased call may be put again', async (store) => {
      await put(store, exampleCall(1))
      await erase(store, 'call', { id: 'CA1' })
      await put(store, exampleCall(1))
      await expectKept(store, exampleCall(1))
    }),
    suite.onFresh('erase-words', 'what was said is gone, and the facts are there', async (store) => {
      await put(store, exampleCall(1), exampleCall(2))
      expectSame(await erase(store, 'words', { untilMs: DAY_MS + 2000 }), 'CA1', 'what was erased')
      await expectKept(store, exampleCall(1, { words: undefined }))
      await expectKept(store, exampleCall(2))
      expectSame(await ids(store, { text: 'table' }), 'CA2', 'what is found by words')
      expectSame(await erase(store, 'words', { untilMs: DAY_MS + 2000 }), '', 'what is erased again')
    }),
    suite.onFresh('erase-recording', 'recordings are forgotten, and told of once', async (store) => {
      await put(store, exampleCall(1), exampleCall(2, { recording: undefined }))
      const erased = await within(store.erase('recording', {}), suite.stepMs, 'erase')
      const { id, startedAtMs, pipeline, recording } = exampleCall(1)
      expectSame(erased, [{ id, startedAtMs, pipeline, recording }], 'what was erased')
      await expectKept(store, exampleCall(1, { recording: undefined }))
      expectSame(await erase(store, 'recording', {}), '', 'what is erased again')
    }),
    suite.onFresh('erase-settled', 'nothing of what was erased is left', async (store) => {
      if (store.settle === undefined) return
      await put(store, exampleCall(1))
      await erase(store, 'call', { id: 'CA1' })
      expectSame(await within(store.settle(), suite.stepMs, 'settle'), true, 'whether it is settled')
    }),
    suite.onFresh('erase-bound', '1000 calls are erased at a time, the oldest first', async (store) => {
      const calls = Array.from({ length: 1003 }, (_, n) => exampleCall(n))
      await put(store, ...calls)
      const first = await within(store.erase('call', {}), suite.stepMs, 'erase')
      expectSame(first.length, 1000, 'how many are erased at a time')
      expectSame(await ids(store), 'CA1002 CA1001 CA1000', 'what is left')
      expectSame(await erase(store, 'call', {}), 'CA1000 CA1001 CA1002', 'what is erased then')
    }),
  ]
}
