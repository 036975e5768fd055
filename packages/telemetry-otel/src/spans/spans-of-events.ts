import type { CallEvent } from '@kav/core/host'
import { CALL_KEY, type CallSpan } from './call-span.ts'
import { createSpanFold, type SpanFoldOptions } from './span-fold.ts'

/** A span and what lies in it, by when it began. */
export interface SpanTree {
  readonly span: CallSpan
  readonly children: readonly SpanTree[]
}

/**
 * The spans of a call, of all its events in their order. Pure: the same events make the same tree. Whatever they are,
 * each span lies within its parent, and the parts of a turn follow each other and fill it to the ms.
 */
export function spansOfEvents(
  events: Iterable<CallEvent>,
  options: SpanFoldOptions = { content: false },
): SpanTree {
  const byParent = new Map<string | undefined, CallSpan[]>()
  const fold = createSpanFold(options, (span) => {
    const siblings = byParent.get(span.parent) ?? []
    byParent.set(span.parent, siblings)
    siblings.push(span)
  })
  for (const event of events) fold.onEvent(event)
  fold.end()
  const treeOf = (span: CallSpan): SpanTree => ({
    span,
    children: (byParent.get(span.key) ?? [])
      .toSorted((one, other) => one.startMs - other.startMs || one.endMs - other.endMs)
      .map(treeOf),
  })
  return treeOf(byParent.get(undefined)!.find(({ key }) => key === CALL_KEY)!)
}
