/** What the core and plugins both need, written once. */
export { askLive, isSendable, LIVE_CHECK_MS, type LiveAnswer, type LiveQuestion } from './ask-live.ts'
export { attempt } from './attempt.ts'
export { newCallId } from './new-call-id.ts'
export { delay, settleWithin, withDeadline } from './deadline.ts'
export { ExpiringMap, type ExpiringMapOptions } from './expiring-map.ts'
export { declaredToolName } from './declared-tool-name.ts'
export { defaulted } from './defaulted.ts'
export { createDeferred, type Deferred } from './deferred.ts'
export { didYouMean } from './did-you-mean.ts'
export { fillDefaults } from './fill-defaults.ts'
export { createPackageFinder, type FindPackage, type FoundPackage } from './find-package.ts'
export {
  CallCounts,
  FleetWatchers,
  levelAfter,
  noticeBytes,
  OnceMemory,
  OwnCalls,
  type OwnCallsParts,
  paceAnswer,
  PaceBucket,
  refusalBy,
  runCommand,
} from './fleet/index.ts'
export { createForeignReader, type ForeignRead } from './foreign-reader.ts'
export { createGate, type Gate } from './gate.ts'
export { parseJson } from './json-as-written.ts'
export { type LinearExpression, linearExpression, linearPattern } from './linear-expression.ts'
export { limitLog, type LimitLogOptions } from './limit-log.ts'
export { finding } from './live-finding.ts'
export { type AskedServer, noAnswer } from './no-answer.ts'
export { makeFolder, makeFolderSync } from './make-folder.ts'
export { isSayable, splitText } from './split-text.ts'
export { jsonUpTo, textUpTo } from './text-up-to.ts'
export { isPlainElsewhere } from './plain-elsewhere.ts'
export { catchPromised } from './promised-nothing.ts'
export { createPushQueue, type FlowControl, type PushQueue, type PushQueueOptions } from './push-queue.ts'
export { readRegularFile, readRegularFileSync, type RefusedFile } from './read-regular-file.ts'
export { type LinkedSignal, linkSignals, streamUnderSignals, underSignals } from './link-signals.ts'
export { runMs, stoodStillMs } from './run-ms.ts'
export { schemaBeyondBounds } from './schema-bounds.ts'
export {
  type ExpiryDoubt,
  leftUntil,
  type Renewal,
  renewalOf,
  type RenewalRule,
  SOONEST_RENEWAL_MS,
} from './session-expiry.ts'
export { type IterationLimits, timedIteration, untimedIteration } from './timed-iteration.ts'
export { type FoundSecrets, isSecretKey, Redactor, secretsOf } from './secrets/index.ts'
export { untilAborted } from './until-aborted.ts'
export { nowUs, toUs, US_PER_MS } from './whole-us.ts'

// The wire of a provider: requests, streams of events, WebSockets, and what their faults mean.
export { fetchWithinOrigin } from './wire/fetch-within-origin.ts'
export { addressOf, type Query } from './wire/address-of.ts'
export { type BoundedAnswer, boundedAnswer, networkFault } from './wire/bounded-answer.ts'
export { classOfClose, closeFault } from './wire/close-fault.ts'
export { type FaultFacts, faultOf, type FaultRules, withoutSecrets } from './wire/fault-rules.ts'
export { given, offsetMs, shareOf, wholeList } from './wire/foreign-fields.ts'
export { classOfStatus, type HttpFault, httpFault, refusalOf, retryAfterMs } from './wire/http-fault.ts'
export { type JsonMessage, jsonMessage } from './wire/json-message.ts'
export { createLineReader, type LostLine } from './wire/line-reader.ts'
export type { KeepAlive } from './wire/line-watch.ts'
export type { MessagesIn, WireData } from './wire/messages-in.ts'
export { notReached } from './wire/not-reached.ts'
export { type LineLimits, readLines } from './wire/read-lines.ts'
export { reasonIn } from './wire/reason-in.ts'
export { createRequestWatch, type RequestWatch, type WatchLimits } from './wire/request-watch.ts'
export {
  createSseParser,
  readServerSentEvents,
  type ServerSentEvent,
  type SseParser,
  type SseParserOptions,
} from './wire/server-sent-events.ts'
export { createSessionTracker, type SessionTracker, type TrackedSession } from './wire/session-tracker.ts'
export { createSpares, type Spare, type Spares, type SparesOptions } from './wire/spares.ts'
export type { SttProtocol, SttSocketOptions, SttSocketSession } from './wire/stt-protocol.ts'
export { openSttSocket } from './wire/stt-socket.ts'
export { type StreamRequest, streamRequest } from './wire/stream-request.ts'
export { type TextRequest, textRequest } from './wire/text-request.ts'
export {
  openWireSocket,
  type WireSocket,
  type WireSocketHandlers,
  type WireSocketOptions,
} from './wire/wire-socket.ts'

// The conversation with a speech-to-speech service, which outlives its connections.
export {
  type AudioReplay,
  type CallerTurns,
  type ConversationLedger,
  createAudioReplay,
  createCallerTurns,
  createConversationLedger,
  createReopenPace,
  openRealtimeSocket,
  type RealtimeProtocol,
  type RealtimeSocketOptions,
  type RealtimeSocketSession,
  type ReopenPace,
} from './realtime/index.ts'
