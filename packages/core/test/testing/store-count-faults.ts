import type { CallCount, CallStore } from '../../src/index.ts'
import type { Breaks } from './promise-table.ts'

type Change = (store: CallStore) => CallStore

/** Stores that count wrongly. */
export function breaksCounts(
  breaks: Breaks<'store'>,
  fails: (change: Change, caseName: string, message: RegExp) => Promise<void>,
): void {
  const counting =
    (change: (counts: readonly CallCount[]) => readonly CallCount[]): Change =>
    (store) => ({ ...store, count: async (...asked) => change(await store.count!(...asked)) })
  breaks('counts', 'does not tell how calls ended', () =>
    fails(
      counting((counts) => counts.map(({ span, calls }) => ({ span, calls }))),
      'calls are counted by when',
      /to be/,
    ),
  )
  breaks('counts', 'counts all calls, whichever were asked for', () =>
    fails(
      (store) => ({ ...store, count: (_query, borders) => store.count!({}, borders) }),
      'calls are counted by when',
      /to be/,
    ),
  )
  breaks('counts', 'counts the call of a border twice', () =>
    fails(
      (store) => ({
        ...store,
        async count(query, borders) {
          const spans = borders.slice(1).map(async (until, span) => {
            const found = await store.count!(query, [borders[span]!, until + 1])
            return found.map((one) => ({ ...one, span }))
          })
          return (await Promise.all(spans)).flat()
        },
      }),
      'calls are counted by when',
      /to be/,
    ),
  )
  breaks('counts', 'looks at a hundred spans', () =>
    fails(
      counting((counts) => counts.filter(({ span }) => span < 100)),
      'calls are counted over 1000 spans',
      /to be/,
    ),
  )
}
