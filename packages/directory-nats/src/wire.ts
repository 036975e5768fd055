import type { CommandFault, CommandOutcome, FleetCall, FleetCommand } from '@kav/core'

/** A call as the bucket holds it. */
export interface StoredCall {
  readonly call: FleetCall
  /** Which process has it: its node's name, and what tells it from others of that name. */
  readonly owner: string
}

/** What a node says of itself once a second. */
export interface Beat {
  readonly node: string
  /** Which one of this node's, so that it knows its own again. */
  readonly count: number
  /** When the bucket was made that it was written to, by the server. */
  readonly bucket: string
  /** What this node runs was written before. */
  readonly complete: boolean
}

/** The level of a pace when it was written. */
export interface StoredPace {
  readonly level: number
}

export function encode(value: StoredCall | Beat | StoredPace | FleetCommand | CommandOutcome): Uint8Array {
  return Buffer.from(JSON.stringify(value))
}

/** JSON or nothing: what is on the server may be of anybody. */
export function decode(bytes: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(
      Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString(),
    )
    return isRecord(value) ? value : undefined
  } catch {
    return undefined
  }
}

export function readCall(id: string, bytes: Uint8Array): StoredCall | undefined {
  const value = decode(bytes)
  const call = value?.['call']
  if (!isRecord(call) || typeof value?.['owner'] !== 'string') return undefined
  const { pipeline, number, direction, node, state, sinceMs } = call
  if (call['id'] !== id || typeof pipeline !== 'string' || typeof node !== 'string') return undefined
  if ((state !== 'promised' && state !== 'running') || typeof sinceMs !== 'number') return undefined
  if (number !== undefined && typeof number !== 'string') return undefined
  return {
    owner: value['owner'],
    call: {
      id,
      pipeline,
      ...(number !== undefined && { number }),
      ...(direction === 'out' && { direction }),
      node,
      state,
      sinceMs,
    },
  }
}

export function readBeat(bytes: Uint8Array): Beat | undefined {
  const value = decode(bytes)
  if (value === undefined) return undefined
  const { node, count, bucket, complete } = value
  if (typeof node !== 'string' || typeof count !== 'number') return undefined
  if (typeof bucket !== 'string' || typeof complete !== 'boolean') return undefined
  return { node, count, bucket, complete }
}

export function readPace(bytes: Uint8Array): StoredPace | undefined {
  const level = decode(bytes)?.['level']
  return typeof level === 'number' && Number.isFinite(level) ? { level } : undefined
}

export function readCommand(bytes: Uint8Array): FleetCommand | undefined {
  const value = decode(bytes)
  if (value === undefined) return undefined
  const { callId, name, payload } = value
  return typeof callId === 'string' && typeof name === 'string' ? { callId, name, payload } : undefined
}

const FAULTS: readonly CommandFault[] = ['unknown-call', 'node-lost', 'no-answer', 'failed', 'cut-off']

export function readOutcome(bytes: Uint8Array): CommandOutcome {
  const value = decode(bytes)
  if (value?.['answered'] === true) return { answered: true, answer: value['answer'] }
  const why = FAULTS.find((fault) => fault === value?.['why']) ?? 'failed'
  const message = value?.['message']
  return {
    answered: false,
    why,
    message: typeof message === 'string' ? message : 'an answer that cannot be read',
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
