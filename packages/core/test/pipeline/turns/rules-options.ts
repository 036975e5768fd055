import type { TurnRulesOptions } from '../../../src/pipeline/turns/turn-state.ts'

/** Of a call with all rules at work; a test changes what it is about. */
export const OPTIONS: TurnRulesOptions = {
  waitMs: () => 320,
  wordsSettleMs: 90,
  agentSaid: () => 'one moment please',
  bargeIn: {
    mode: 'speech',
    ducks: false,
    minSpeechMs: 200,
    minWords: 2,
    falseStartMs: 700,
    backchannels: () => ['mm hm', 'yeah'],
    agreements: () => ['sure', 'of course'],
    standsAlone: (text) => text === 'no',
    mayBeHalf: (word) => word !== 'no',
  },
  preemptive: true,
  prepareAfterMs: 90,
  noiseAfterMs: 5000,
  unclear: { line: 'What?' },
  presence: () => ['hello'],
  keysInterrupt: true,
  idle: {
    awaited: () => 'open',
    patience: () => ({ afterMs: 5000, prompts: ['Hello?'] }),
    farewell: 'Bye.',
  },
  sttJudges: () => false,
  hasVad: true,
}
