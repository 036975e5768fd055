import type { CallPage, CallPageRequest, CallQuery, CallStore } from '@kav/core'
import { plainNumber } from '../calls/plain-number.ts'

/** Finds calls by numbers as they are kept; where there are none, as they are written in the query. */
export async function findByNumber(
  store: Pick<CallStore, 'find'>,
  query: CallQuery,
  page: CallPageRequest,
): Promise<CallPage> {
  const { from, to } = query
  const kept = {
    ...query,
    ...(from !== undefined && { from: plainNumber(from) }),
    ...(to !== undefined && { to: plainNumber(to) }),
  }
  const found = await store.find(kept, page)
  const isSame = kept.from === from && kept.to === to
  return isSame || found.calls.length > 0 ? found : await store.find(query, page)
}
