import type { Finding } from '../findings/schema-findings.ts'
import { isBroken, type SourceNode } from '../source/source-tree.ts'
import { mapOf } from '../source/value-shapes.ts'

/** What the schema cannot judge in `record.upload`: half a pair of keys. */
export function checkUpload(config: unknown, source: SourceNode): readonly Finding[] {
  const path = ['record', 'upload', 's3']
  const s3 = mapOf(mapOf(mapOf(mapOf(config)?.['record'])?.['upload'])?.['s3'])
  if (s3 === undefined || isBroken(source, path)) return []
  const keys = ['access_key_id', 'secret_access_key'].filter((name) => s3[name] !== undefined)
  if (keys.length !== 1) return []
  const message =
    'access_key_id and secret_access_key go together; without both the keys are found as by any AWS client'
  return [{ code: 'KAV_CONFIG_VALUE', path, at: 'value', message }]
}

/** A place for recordings, and none to bring there. */
export function uploadWarnings(config: unknown): readonly Finding[] {
  const record = mapOf(mapOf(config)?.['record'])
  if (record?.['upload'] === undefined || record['audio'] === true) return []
  const message = 'brings nothing anywhere, since record.audio is off'
  return [{ code: 'KAV_CONFIG_DOUBT', path: ['record', 'upload'], at: 'value', message }]
}
