import { Type } from '@sinclair/typebox'
import { createForeignReader, type ForeignRead } from '@kav/core/kit'
import type { WorkerReply } from './denoise-worker.ts'

const readReply = createForeignReader(
  Type.Object({
    type: Type.Union([Type.Literal('ready'), Type.Literal('clean')]),
    batch: Type.Optional(Type.Integer()),
    samples: Type.Optional(Type.Unknown()),
  }),
)

/** The batch that was asked for last. */
export interface AskedBatch {
  readonly batch: number
  readonly samples: number
}

/** What the worker sent, if it answers this batch; or what is wrong with it. Never throws. */
export function readWorkerReply(value: unknown, asked: AskedBatch | undefined): ForeignRead<WorkerReply> {
  const read = readReply(value)
  if (!read.ok) return read
  const { type, batch, samples } = read.value
  if (type === 'ready') return { ok: true, value: { type } }
  if (asked === undefined || batch !== asked.batch)
    return { ok: false, why: 'it answers no batch that was asked' }
  return isSound(samples, asked.samples)
    ? { ok: true, value: { type, batch, samples } }
    : { ok: false, why: 'it gives back another amount of sound than it got' }
}

function isSound(value: unknown, samples: number): value is Int16Array<ArrayBuffer> {
  return value instanceof Int16Array && value.length === samples && value.buffer instanceof ArrayBuffer
}
