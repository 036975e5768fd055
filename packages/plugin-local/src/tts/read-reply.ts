import { Type } from '@sinclair/typebox'
import { createForeignReader, type ForeignRead } from '@kav/core/kit'
import type { SpeakReply } from './worker-messages.ts'

const job = Type.Integer({ minimum: 1 })
const readSpoken = createForeignReader(
  Type.Object({ job, audio: Type.Unknown(), busyMs: Type.Number({ minimum: 0 }) }),
)
const readFault = createForeignReader(Type.Object({ job, fault: Type.String() }))

/** What a worker sent, if it is about this clause; or what is wrong with it. Never throws. */
export function readSpeakReply(value: unknown, job: number | undefined): ForeignRead<SpeakReply> {
  const fault = readFault(value)
  if (fault.ok) return of(job, fault.value)
  const spoken = readSpoken(value)
  if (!spoken.ok) return spoken
  const { audio } = spoken.value
  if (!(audio instanceof Uint8Array)) return { ok: false, why: 'audio is no audio' }
  return of(job, { ...spoken.value, audio: audio as Uint8Array<ArrayBuffer> })
}

function of(job: number | undefined, reply: SpeakReply): ForeignRead<SpeakReply> {
  if (job === reply.job) return { ok: true, value: reply }
  return { ok: false, why: job === undefined ? 'nothing was asked of it' : 'it is about another clause' }
}
