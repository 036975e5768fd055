import type { CallQuery, CallStore } from '../../../contracts/index.ts'
import { type ContractCase, within } from '../common/contract-case.ts'
import { exampleCall, expectSame, type StoreBench } from './store-bench.ts'

/** As carriers write those who have no number, and numbers. */
const ODD_ENDS = ['+1 555 777 0009', '00155577700', 'client:Desk', 'sip:a%b@10.0.0.1;x="y"', 'anonymous']

/** Calls by who was at their ends. */
export function storeNumbers({ suite, put, ids }: StoreBench): ContractCase[] {
  const finds = async (store: CallStore, query: CallQuery, wanted: string): Promise<void> =>
    expectSame(await ids(store, query), wanted, `what ${JSON.stringify(query)} finds`)
  return [
    suite.onFresh('number', 'calls are found by their numbers, and by no part of one', async (store) => {
      await put(store, exampleCall(1), exampleCall(2, { to: '+15550101' }), exampleCall(10))
      await finds(store, { from: '+15550101' }, 'CA1')
      await finds(store, { to: '+15550101' }, 'CA2')
      await finds(store, { party: '+15550101' }, 'CA2 CA1')
      await finds(store, { from: '+1555010' }, '')
    }),
    suite.onFresh('number', 'an end that is no number is found, and erased, as it was put', async (store) => {
      await put(store, ...ODD_ENDS.map((from, n) => exampleCall(n, { from })))
      for (const [n, party] of ODD_ENDS.entries()) {
        await finds(store, { from: party }, `CA${n}`)
        await finds(store, { party }, `CA${n}`)
        await within(store.erase('call', { party }), suite.stepMs, 'erase')
        await finds(store, { party }, '')
      }
    }),
  ]
}
