import { FAULT_PROMISES, HOST_PROMISES, type Promises, WORDS_PROMISES } from './promise.ts'

/** What a detector of turn ends promises. */
export const TURN_PROMISES = {
  stated: { says: 'states a rate, a window and a threshold that can be', at: 'TurnProvider.threshold' },
  warm: { says: 'warms up before judgements, twice and at once', at: 'TurnProvider.warm' },
  answers: {
    says: 'writes one probability from 0 to 1 for each question, whatever its sound or words',
    at: 'TurnProvider.judge',
  },
  judges: { says: 'tells who is done from who goes on', at: 'TurnProvider.judge' },
  memoryless: { says: 'knows nothing of the questions before', at: 'TurnProvider.judge' },
  batch: { says: 'answers each question of a batch as if it were alone, in order', at: 'TurnProvider.judge' },
  lent: {
    says: 'reads and fills the lent arrays until `judge` settles, and touches them no later',
    at: 'TurnProvider.judge',
  },
  places: { says: 'leaves places beyond the questions as they are', at: 'TurnProvider.judge' },
  'empty-batch': { says: 'takes a batch without questions', at: 'TurnProvider.judge' },
  closes: {
    says: 'frees everything at `close` and settles, also twice and while it judges',
    at: 'TurnProvider.close',
  },
  refuses: { says: 'refuses questions after `close`', at: 'TurnProvider.close' },
  'nothing-left': {
    says: 'leaves no worker and no timer behind, not even one that keeps no process alive',
    at: 'TurnProvider.close',
  },
  ...FAULT_PROMISES,
  ...HOST_PROMISES,
  ...WORDS_PROMISES,
} as const satisfies Promises
