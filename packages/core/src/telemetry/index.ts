export { CALL_EVENTS, type CallEvent, type CallEventKind, type CallEventName } from './call-events.ts'
export { type CallRecord, type CallRecorder, createCallRecorder, type TranscriptLine } from './call-record.ts'
export { type CallTelemetry, createCallTelemetry } from './call-telemetry.ts'
