import { isDeepStrictEqual } from 'node:util'
import { llmEventFault } from '../../../contracts/field-faults.ts'
import type { LlmEvent } from '../../../contracts/index.ts'
import { expect } from '../common/contract-case.ts'
import { expectUsage } from '../common/token-usage.ts'

/** It goes back with every request that follows. */
const MAX_OPAQUE_CHARS = 1_000_000

/** Fields of their types, as a call refuses others; opaque data as the record and the next request can carry it. */
export function expectWellFormed(events: readonly LlmEvent[]): void {
  for (const event of events) {
    const told = JSON.stringify(event).slice(0, 500)
    if (event.type === 'text')
      expect(typeof event.text === 'string' && event.text !== '', 'text that is not empty', `one is ${told}`)
    else if (event.type === 'usage') expectUsage(event)
    else
      expect(['thought', 'tool-call', 'end'].includes(event.type), 'events of known types', `one is ${told}`)
    const fault = llmEventFault(event)
    expect(fault === undefined, 'fields of their types', `there is ${fault}`)
    const opaque = 'opaque' in event ? event.opaque : undefined
    const isPlain = isDeepStrictEqual(opaque, opaque && JSON.parse(JSON.stringify(opaque)))
    expect(isPlain, 'opaque data that JSON can carry', `one is ${told}`)
    const chars = opaque === undefined ? 0 : JSON.stringify(opaque).length
    expect(
      chars <= MAX_OPAQUE_CHARS,
      `opaque data of at most ${MAX_OPAQUE_CHARS} characters`,
      `one has ${chars}`,
    )
  }
}
