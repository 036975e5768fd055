import { backchannelsFor, presenceFor } from '../../language/backchannels.ts'
import { endpointWaitMs } from '../../language/endpoint-wait.ts'
import type { CallSettings } from '../call-settings.ts'
import type { TurnRulesOptions } from './turn-state.ts'

/** The rules' options from the pipeline's settings and what its stages can do. */
export function turnRulesOptions(
  settings: CallSettings,
  hasVad: boolean,
  llmAllowsPreemption: boolean,
  language: () => string,
): TurnRulesOptions {
  const { bargeIn, turns, dtmf, idle } = settings.conversation
  const { timeoutMs } = settings.stt
  return {
    waitMs: (text) => endpointWaitMs(text, { ...turns, timeoutMs, language: language() }),
    bargeIn: { ...bargeIn, backchannels: () => bargeIn.backchannels ?? backchannelsFor(language()) },
    preemptive: turns.preemptive && llmAllowsPreemption,
    prepareAfterMs: settings.stt.partialDebounceMs,
    noiseAfterMs: turns.noiseAfterMs,
    unclear: settings.conversation.unclear,
    presence: () => presenceFor(language()),
    keysInterrupt: dtmf.interrupts,
    idle,
    hasVad,
  }
}
