import { createForeignReader, type ForeignRead } from '@kav/core/kit'
import { Type } from '@sinclair/typebox'
import type { WorkerReply } from './turn-worker.ts'

const readReply = createForeignReader(
  Type.Object({
    type: Type.Union([Type.Literal('ready'), Type.Literal('unloadable'), Type.Literal('done')]),
    why: Type.Optional(Type.String()),
    job: Type.Optional(Type.Integer()),
    probabilities: Type.Optional(Type.Unknown()),
  }),
)

/** What the worker sent, if it answers a job that waits; or what is wrong with it. Never throws. */
export function readWorkerReply(
  value: unknown,
  questionsOf: (job: number) => number | undefined,
): ForeignRead<WorkerReply> {
  const read = readReply(value)
  if (!read.ok) return read
  const { type, why, job, probabilities } = read.value
  if (type === 'ready') return { ok: true, value: { type } }
  if (type === 'unloadable') return { ok: true, value: { type, why: why ?? 'it does not say why' } }
  const questions = job === undefined ? undefined : questionsOf(job)
  if (job === undefined || questions === undefined)
    return { ok: false, why: 'it answers no job that was given' }
  if (!(probabilities instanceof Float32Array) || probabilities.length !== questions) {
    return { ok: false, why: `it does not answer ${questions} questions` }
  }
  if (!probabilities.every((probability) => probability >= 0 && probability <= 1)) {
    return { ok: false, why: 'an answer is no probability' }
  }
  return { ok: true, value: { type, job, probabilities } }
}
