/** How long the panel looks where; milliseconds. */
export interface PanelWindows {
  /** The panel's unit of silence: the agent has not stopped in a hole of its voice that is shorter than one tick. */
  readonly tickMs: number
  /** An agent that has not stopped so long after an interruption began did not yield. */
  readonly yieldWindowMs: number
  /** An agent that stops so soon after a backchannel, a tic or side talk began stopped because of it. */
  readonly selectivityWindowMs: number
  /** An agent that starts so soon after a tic or side talk in silence has ended answered it. */
  readonly answerWindowMs: number
  /** Silence of both after the caller's words that is longer than this is dead air. */
  readonly deadAirMs: number
}

/**
 * Those of the tau-voice panel (sierra-research/tau2-bench, `voice_interaction_metrics`, version 1.0); it knows no dead
 * air, whose bound is the silence after which ServiceNow EVA gives an answer nothing (`LATENCY_HARD_LATE_MS`).
 */
export const PANEL_WINDOWS: PanelWindows = {
  tickMs: 200,
  yieldWindowMs: 2000,
  selectivityWindowMs: 1000,
  answerWindowMs: 2000,
  deadAirMs: 3500,
}
