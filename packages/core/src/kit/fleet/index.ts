/** What every `CallDirectory` needs. */
export { CallCounts, refusalBy } from './call-counts.ts'
export { FleetWatchers } from './fleet-watchers.ts'
export { noticeBytes } from './notice-bytes.ts'
export { OnceMemory } from './once-memory.ts'
export { OwnCalls, type OwnCallsParts } from './own-calls.ts'
export { levelAfter, paceAnswer, PaceBucket } from './pace-level.ts'
export { runCommand } from './run-command.ts'
