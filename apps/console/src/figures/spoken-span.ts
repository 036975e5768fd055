import type { OutcomeSpan } from '@kav/client'
import { callsIn, groupsIn } from './outcome-groups.ts'
import { nameOf, type ShownSpan } from './shown-span.ts'

/** `Tue 14:00: 12 calls: 8 caller hung up, 4 failed`. */
export function spokenSpan(span: OutcomeSpan, by: ShownSpan['by']): string {
  const calls = callsIn(span)
  const parts = groupsIn([span]).map((group) => `${group.countOf(span)} ${group.name.toLowerCase()}`)
  const sum = calls === 1 ? '1 call' : `${calls.toLocaleString()} calls`
  return `${nameOf(by, span.since)}: ${[sum, parts.join(', ')].filter(Boolean).join(': ')}`
}
