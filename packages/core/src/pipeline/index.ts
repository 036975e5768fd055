export type { CallOutcome } from './call-end.ts'
export {
  type CallSession,
  type CallSessionParts,
  type CallStages,
  startCallSession,
} from './call-session.ts'
export type { CallSettings } from './call-settings.ts'
export type { CallTap } from './call-tap.ts'
export { createFrameClock, type FrameClock } from './frame-clock.ts'
export { GREETING_MARK } from './greeting.ts'
export type { NamedStt } from './stt-routes.ts'
export { createVadTap, type VadTap } from './vad-tap.ts'
