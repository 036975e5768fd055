import type { Promises } from './promise.ts'

/** What a directory of calls promises. */
export const CALL_DIRECTORY_PROMISES = {
  place: { says: 'shows a call as promised, as running, and then no more', at: 'FleetPlace' },
  'former-place': {
    says: 'gives a call its place again, after which the former one is worth nothing',
    at: 'CallDirectory.claim',
  },
  limits: { says: 'gives as many places as there are, and none more', at: 'FleetLimits' },
  'number-limit': {
    says: 'counts the calls of a number apart, and those without one not at all',
    at: 'FleetLimits.maxCallsOfNumber',
  },
  'no-limit': { says: 'takes 0 as no limit', at: 'FleetLimits' },
  running: { says: 'never refuses a call that runs, and counts it', at: 'CallDirectory.add' },
  watch: {
    says: 'tells watchers of running calls, once that one began and once that it ended',
    at: 'CallDirectory.watch',
  },
  'watch-throws': { says: 'lets no watcher disturb another', at: 'CallDirectory.watch' },
  command: {
    says: 'has a command done by the node of its call, and its answer told',
    at: 'CallDirectory.command',
  },
  'command-fault': { says: 'tells apart what stands in the way of a command, in time', at: 'CommandFault' },
  once: { says: 'says of a key once that it is used for the first time', at: 'CallDirectory.once' },
  'once-bound': {
    says: 'throws a RangeError for a key that is to be remembered too long',
    at: 'CallDirectory.once',
  },
  pace: { says: 'lets as many go as the pace allows', at: 'CallDirectory.pace' },
  notice: { says: 'takes a notice, and keeps it once', at: 'CallDirectory.tell' },
  state: { says: 'names the node, and counts the nodes that are heard', at: 'CallDirectory.state' },
  end: { says: 'ends the places of a node at `close`, twice without harm', at: 'CallDirectory.close' },
  'nothing-left': {
    says: 'leaves nothing open, not even a timer that keeps no process alive',
    at: 'CallDirectory.close',
  },
  fleet: { says: 'knows the calls of every node, and gives no place twice', at: 'CallDirectory.list' },
} as const satisfies Promises
