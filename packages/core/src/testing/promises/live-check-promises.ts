import type { Promises } from './promise.ts'

/** What the live check of a plugin promises. */
export const LIVE_CHECK_PROMISES = {
  'in-time': { says: 'ends in time whatever the provider does', at: 'Plugin.liveCheck' },
  findings: {
    says: 'tells a refusal and an outage as findings, at least one, and throws nothing',
    at: 'Plugin.liveCheck',
  },
  line: { says: 'tells each finding in one line that a person can read', at: 'LiveFinding.message' },
  fix: { says: 'says of a finding that is not ok what to do, in one sentence', at: 'LiveFinding.fix' },
  secrets: { says: 'puts no secret into a finding', at: 'Plugin.liveCheck' },
  'nothing-left': {
    says: 'leaves no socket and no timer behind, not even one that keeps no process alive',
    at: 'Plugin.liveCheck',
  },
} as const satisfies Promises
