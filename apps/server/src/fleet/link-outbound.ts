import { PLACED_OVER } from '../admission/ringing-calls.ts'
import type { OutboundLinks } from '../admission/outbound-links.ts'
import type { Fleet } from './fleet-rooms.ts'

const ANSWER_MS = 5000

/** Calls that ring here and are answered, or over, elsewhere: the carrier tells any node of it. */
export function linkOutbound({ directory, ringing }: Omit<Fleet, 'limitsFor'>): OutboundLinks {
  directory.watch(({ type, call }) => {
    if (type === 'began' && call.node !== directory.node) ringing.over(call.id)
  })
  return {
    pace: (key, pace) => directory.pace(key, pace),
    over(callId) {
      const there = directory.find(callId)
      ringing.over(callId)
      if (there === undefined || there.state === 'running' || there.node === directory.node) return
      void directory.command({ callId, name: PLACED_OVER }, ANSWER_MS)
    },
  }
}
