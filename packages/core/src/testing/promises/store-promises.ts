import { FAULT_PROMISES, HOST_PROMISES, type Promises, WORDS_PROMISES } from './promise.ts'

/** What a store of calls promises. */
export const STORE_PROMISES = {
  'gives-back': { says: 'gives every call back as it was put, whatever its texts hold', at: 'CallStore.get' },
  again: { says: 'takes the same calls again without a fault, and has each once', at: 'CallStore.put' },
  replaces: { says: 'has of a call what was put last', at: 'CallStore.put' },
  begun: { says: 'lets a call that has begun replace nothing', at: 'CallStore.put' },
  torn: { says: 'lets a torn call never replace one that ended', at: 'StoredState' },
  'torn-told': { says: 'has of a torn call what its beginning told of it', at: 'CallStore.put' },
  orders: { says: 'has the same of a call in whatever order its states come', at: 'CallStore.put' },
  'all-or-none': { says: 'puts all calls of a batch or none', at: 'CallStore.put' },
  together: { says: 'takes batches, searches and erasures at the same time', at: 'CallStore' },
  lasts: { says: 'has what was put when it is opened again', at: 'CallStore.put' },
  killed: { says: 'has each call whole or not at all, whenever the process is killed', at: 'CallStore' },
  order: { says: 'gives the calls that began last first', at: 'CallPage' },
  pages: { says: 'gives each call on one page, also while more come in', at: 'CallPage' },
  time: { says: 'finds calls by when they began', at: 'CallQuery.sinceMs' },
  number: { says: 'finds calls by the numbers of their ends', at: 'CallQuery.from' },
  text: { says: 'finds calls by beginnings of words that were said', at: 'CallQuery.text' },
  'any-text': { says: 'takes any text to look for', at: 'CallQuery.text' },
  facts: { says: 'finds calls by outcome, pipeline, node, state and how slow they were', at: 'CallQuery' },
  counts: {
    says: 'counts calls by when they began and how they ended, where it counts at all',
    at: 'CallStore.count',
  },
  'erase-call': { says: 'erases all of the calls that are meant, and no other', at: 'CallStore.erase' },
  'erase-words': { says: 'erases what was said, and keeps the facts', at: 'CallStore.erase' },
  'erase-recording': { says: 'forgets recordings, and says where they are', at: 'CallStore.erase' },
  'erase-bound': { says: 'erases 1000 calls at a time, the oldest first', at: 'CallStore.erase' },
  'erase-settled': {
    says: 'says that nothing of what was erased is left, where nobody else reads and it says so at all',
    at: 'CallStore.settle',
  },
  closes: { says: 'settles what is under way at `close`, also twice', at: 'CallStore.close' },
  refuses: { says: 'refuses everything after `close`', at: 'CallStore.close' },
  'nothing-left': {
    says: 'leaves no worker, no socket and no timer behind, not even one that keeps no process alive',
    at: 'CallStore.close',
  },
  ...FAULT_PROMISES,
  ...HOST_PROMISES,
  ...WORDS_PROMISES,
} as const satisfies Promises
