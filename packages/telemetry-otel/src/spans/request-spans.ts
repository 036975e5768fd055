import type { CallEvent } from '@kav/core/host'
import type { SpanAttributes } from './attribute-table.ts'
import { CALL_KEY, type CallSpan } from './call-span.ts'
import { msOf, textOf, within } from './event-fields.ts'

/** Where a request's span hangs, and from when to when it may reach there. */
export interface RequestHome {
  readonly key: string
  readonly startMs: number
  readonly endMs: number
}

export type RequestName = 'llm' | 'tts' | 'tool'

/** A request that is over, as its event tells. */
export interface ToldRequest {
  readonly name: RequestName
  readonly turn: number | undefined
  readonly startMs: number
  readonly endMs: number
  readonly attributes: SpanAttributes
  readonly error: string | undefined
}

export function requestOf(
  name: RequestName,
  event: CallEvent,
  turn: number | undefined,
  atMs: number,
): ToldRequest {
  const askedMs = name === 'tool' ? atMs - (msOf(event, 'ms') ?? 0) : (msOf(event, 'asked_ms') ?? atMs)
  const startMs = within(askedMs, 0, atMs)
  const failed = name === 'tool' ? event.fields['failed'] === true : event.fields['outcome'] === 'failed'
  return {
    name,
    turn,
    startMs,
    endMs: atMs,
    attributes: name === 'tool' ? toolAttributes(event) : providerAttributes(name, event, startMs, atMs),
    error: failed ? (textOf(event, 'code') ?? 'failed') : undefined,
  }
}

function toolAttributes(event: CallEvent): SpanAttributes {
  return {
    'gen_ai.operation.name': 'execute_tool',
    'gen_ai.tool.name': textOf(event, 'tool') ?? 'unknown',
    'gen_ai.tool.type': 'function',
  }
}

function providerAttributes(
  name: 'llm' | 'tts',
  event: CallEvent,
  startMs: number,
  atMs: number,
): SpanAttributes {
  const firstMs = msOf(event, 'first_ms')
  const waitedMs = firstMs === undefined ? undefined : within(firstMs, startMs, atMs) - startMs
  const input = msOf(event, 'input_tokens')
  const output = msOf(event, 'output_tokens')
  return {
    'kav.plugin': textOf(event, 'plugin') ?? 'unknown',
    'kav.outcome': textOf(event, 'outcome') ?? 'unknown',
    ...(waitedMs !== undefined && { 'kav.first_ms': waitedMs }),
    ...(name === 'llm' && { 'gen_ai.operation.name': 'chat', 'gen_ai.request.stream': true }),
    ...(name === 'llm' &&
      waitedMs !== undefined && { 'gen_ai.response.time_to_first_chunk': waitedMs / 1000 }),
    ...(event.fields['output'] === 'speech' && { 'gen_ai.output.type': 'speech' }),
    ...(input !== undefined && { 'gen_ai.usage.input_tokens': input }),
    ...(output !== undefined && { 'gen_ai.usage.output_tokens': output }),
  }
}

/** The span of a request where it belongs, or of the call where nothing of it lies within that. */
export function requestSpan(told: ToldRequest, home: RequestHome, key: string): CallSpan {
  const { name, attributes, error } = told
  const inside = told.startMs <= home.endMs && told.endMs >= home.startMs
  const at = inside ? home : { key: CALL_KEY, startMs: 0, endMs: told.endMs }
  const startMs = within(told.startMs, at.startMs, at.endMs)
  const endMs = within(told.endMs, startMs, at.endMs)
  const clippedMs = told.endMs - told.startMs - (endMs - startMs)
  return {
    key: `${at.key}/${key}`,
    parent: at.key,
    name,
    startMs,
    endMs,
    attributes: clippedMs === 0 ? attributes : { ...attributes, 'kav.clipped_ms': clippedMs },
    error,
    events: [],
  }
}

/** `undefined`: an event of another kind. */
export function requestNameOf(event: CallEvent['event']): RequestName | undefined {
  if (event === 'llm_request') return 'llm'
  if (event === 'tts_request') return 'tts'
  return event === 'tool_ended' ? 'tool' : undefined
}
