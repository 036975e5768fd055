import { agreementsFor, backchannelsFor, presenceFor } from '../../language/backchannels.ts'
import { answerCompleteness } from '../../language/answers/answer-completeness.ts'
import { asksToWait } from '../../language/answers/asks-to-wait.ts'
import { expectedAnswer } from '../../language/answers/expected-answer.ts'
import { isFrequentWord } from '../../language/completeness/done-probability.ts'
import type { CallSettings } from '../call-settings.ts'
import { idlePatience } from './idle-patience.ts'
import type { TurnRulesOptions } from './turn-state.ts'
import { turnWaitMs } from './turn-wait.ts'

export interface TurnEndKnowledge {
  /** The call's language at this moment. */
  readonly language: () => string
  /** What the agent said last. */
  readonly asked: () => string
  /** All of what it is saying. */
  readonly said: () => string
  /** Of the detector of turn ends, where there is one. */
  readonly threshold: number | undefined
  /** The recogniser that hears the call at this moment tells the ends of turns. */
  readonly tellsTurns: () => boolean
}

/** The rules' options from the pipeline's settings and what its stages can do. */
export function turnRulesOptions(
  settings: CallSettings,
  hasVad: boolean,
  llmAllowsPreemption: boolean,
  { language, asked, said, threshold, tellsTurns }: TurnEndKnowledge,
): TurnRulesOptions {
  const { bargeIn, turns, dtmf, idle } = settings.conversation
  const { timeoutMs, vadHangoverMs } = settings.stt
  return {
    waitMs: (text, evidence) =>
      turnWaitMs(text, evidence, {
        ...turns,
        timeoutMs,
        hangoverMs: vadHangoverMs,
        threshold,
        tellsTurns: tellsTurns(),
        language: language(),
        expected: expectedAnswer(asked(), language()),
      }),
    agentSaid: said,
    wordsSettleMs: settings.stt.partialDebounceMs,
    bargeIn: {
      mode: bargeIn.mode,
      minSpeechMs: bargeIn.minSpeechMs,
      minWords: bargeIn.minWords,
      falseStartMs: bargeIn.falseStartMs,
      ducks: bargeIn.duckDb > 0,
      backchannels: () => bargeIn.backchannels ?? backchannelsFor(language()),
      agreements: () => (bargeIn.backchannels ? [] : agreementsFor(language())),
      standsAlone: (text) => answerCompleteness(text, { kind: 'yes-no' }, language()) === 'whole',
      mayBeHalf: (word) => isFrequentWord(word, language()) === false,
    },
    preemptive: turns.preemptive && llmAllowsPreemption,
    prepareAfterMs: settings.stt.partialDebounceMs,
    noiseAfterMs: turns.noiseAfterMs,
    unclear: settings.conversation.unclear,
    presence: () => presenceFor(language()),
    keysInterrupt: dtmf.interrupts,
    idle: {
      awaited: (lastTurn) =>
        asksToWait(lastTurn, language()) ? 'hold' : expectedAnswer(asked(), language()).kind,
      patience: (awaited, times) => idlePatience(awaited, times, idle),
      farewell: idle.farewell,
    },
    sttJudges: () => turns.by === 'stt' && tellsTurns(),
    hasVad,
  }
}
