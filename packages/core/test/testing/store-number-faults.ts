import type { CallQuery } from '../../src/index.ts'
import type { Breaks } from './promise-table.ts'

/** Stores that look for other numbers than were asked for. */
export function breaksNumbers(
  breaks: Breaks<'store'>,
  fails: (change: (query: CallQuery) => CallQuery, caseName: string, message: RegExp) => Promise<void>,
): void {
  breaks('number', 'knows one end of a call', () =>
    fails(
      ({ party, ...query }) => ({ ...query, ...(party !== undefined && { from: party }) }),
      'calls are found by their numbers',
      /to be/,
    ),
  )
  breaks('number', 'takes the spaces out of a number', () =>
    fails(
      ({ party, ...query }) => ({ ...query, ...(party && { party: party.replaceAll(' ', '') }) }),
      'an end that is no number',
      /to be/,
    ),
  )
}
