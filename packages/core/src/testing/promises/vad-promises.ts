import { FAULT_PROMISES, HOST_PROMISES, type Promises } from './promise.ts'

/** What a voice detector promises. */
export const VAD_PROMISES = {
  stated: { says: 'states a rate, a window and a threshold that can be', at: 'VadProvider.threshold' },
  ratings: {
    says: 'writes one probability from 0 to 1 for each window, whatever it holds',
    at: 'VadProvider.rate',
  },
  speech: { says: 'rates speech as voice', at: 'VadProvider.rate' },
  silence: { says: 'rates silence as none', at: 'VadProvider.rate' },
  batch: { says: 'rates each stream of a batch as if it were alone', at: 'VadProvider.rate' },
  state: { says: 'keeps its state with the stream, whatever its place in the batch', at: 'VadStream' },
  fresh: { says: 'opens streams that remember nothing of others', at: 'VadProvider.openStream' },
  'close-one': { says: 'leaves the other streams as they are when one closes', at: 'VadStream.close' },
  'long-run': { says: 'rates many streams for as long as calls last', at: 'VadProvider.rate' },
  lent: {
    says: 'reads and fills the lent arrays until `rate` settles, and touches them no later',
    at: 'VadProvider.rate',
  },
  'empty-batch': { says: 'takes a batch without streams', at: 'VadProvider.rate' },
  'stream-close': { says: 'closes a stream twice without harm', at: 'VadStream.close' },
  closes: {
    says: 'frees everything at `close` and settles, also twice, and what comes later',
    at: 'VadProvider.close',
  },
  'nothing-left': {
    says: 'leaves no worker and no timer behind, not even one that keeps no process alive',
    at: 'VadProvider.close',
  },
  ...FAULT_PROMISES,
  ...HOST_PROMISES,
} as const satisfies Promises
