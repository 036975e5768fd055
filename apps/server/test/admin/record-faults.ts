import { FormatRegistry } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { CALL_RECORD } from '../../src/admin/call-record-schema.ts'

FormatRegistry.Set('date-time', (text) => new Date(text).toISOString() === text)

/** Where an answer of `GET /api/history/{id}` is not what `/openapi.json` says of it. */
export function recordFaults(answer: unknown): readonly string[] {
  return [...Value.Errors(CALL_RECORD, answer)].map(({ path, message }) => `${path}: ${message}`)
}
