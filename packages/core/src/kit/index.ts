/** What the core and plugins both need, written once. */
export { askLive, isSendable, LIVE_CHECK_MS, type LiveAnswer, type LiveQuestion } from './ask-live.ts'
export { attempt } from './attempt.ts'
export { delay, settleWithin, withDeadline } from './deadline.ts'
export { ExpiringMap, type ExpiringMapOptions } from './expiring-map.ts'
export { declaredToolName } from './declared-tool-name.ts'
export { createDeferred, type Deferred } from './deferred.ts'
export { didYouMean } from './did-you-mean.ts'
export { fillDefaults } from './fill-defaults.ts'
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
export { type LinearExpression, linearExpression } from './linear-expression.ts'
export { limitLog, type LimitLogOptions } from './limit-log.ts'
export { finding } from './live-finding.ts'
export { type AskedServer, noAnswer } from './no-answer.ts'
export { textUpTo } from './text-up-to.ts'
export { isPlainElsewhere } from './plain-elsewhere.ts'
export { catchPromised } from './promised-nothing.ts'
export { createPushQueue, type FlowControl, type PushQueue, type PushQueueOptions } from './push-queue.ts'
export { runMs, stoodStillMs } from './run-ms.ts'
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
