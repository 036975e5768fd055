import type { CallStore } from '@kav/core'
import { isProviderError } from '@kav/core'
import { findByNumber } from '../history/find-by-number.ts'
import { ApiFault } from './api/api-fault.ts'

type Find = CallStore['find']

/** A page of calls; a store that does not answer, or does not know the cursor, is a fault of the API's own. */
export async function findCalls(
  store: Pick<CallStore, 'find'>,
  query: Parameters<Find>[0],
  page: Parameters<Find>[1],
): ReturnType<Find> {
  try {
    return await findByNumber(store, query, page)
  } catch (thrown) {
    if (page.cursor !== undefined && isProviderError(thrown) && thrown.class === 'bad-request')
      throw new ApiFault(
        'bad-request',
        'query.cursor: no page gave it',
        'leave it out, or send next of a page',
      )
    throw storeFault(thrown)
  }
}

/** For what a store is asked beside that. */
export async function storeAnswer<Answer>(asked: Promise<Answer>): Promise<Answer> {
  return await asked.catch((thrown: unknown) => {
    throw storeFault(thrown)
  })
}

function storeFault(thrown: unknown): unknown {
  if (!isProviderError(thrown)) return thrown
  return new ApiFault('not-ready', `the store does not answer: ${thrown.message}`, 'ask again, see the log')
}
