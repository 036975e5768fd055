import type { CallSettings } from './call-settings.ts'
import type { TurnRulesOptions } from './turn-state.ts'

/** The rules' options from the pipeline's settings and what its stages can do. */
export function turnRulesOptions(
  settings: CallSettings,
  hasVad: boolean,
  llmAllowsPreemption: boolean,
  _language: () => string,
): TurnRulesOptions {
  const { bargeIn, turns, dtmf, idle } = settings.conversation
  const { timeoutMs } = settings.stt
  return {
    waitMs: () => timeoutMs,
    bargeIn: { ...bargeIn, backchannels: () => bargeIn.backchannels ?? [] },
    preemptive: turns.preemptive && llmAllowsPreemption,
    keysInterrupt: dtmf.interrupts,
    idle,
    hasVad,
  }
}
