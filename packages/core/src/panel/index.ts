/** How a call takes turns, measured from two tracks: pure functions of times and samples, of nobody's pipeline. */
export type { CallerEvent, CallerEventKind } from './caller-event.ts'
export type { Share, Times } from './figures.ts'
export type { Interval } from './interval.ts'
export { addPanels, EMPTY_PANEL, type Panel } from './panel.ts'
export { type PanelCall, scorePanel } from './score-panel.ts'
export { PANEL_WINDOWS, type PanelWindows } from './windows.ts'
export { type DerivedEvents, deriveEvents } from './derive-events.ts'
export { segmentVoice, VOICE_OPTIONS, type VoiceOptions } from './segment-voice.ts'
