import type { ParamWarning } from '@kav/core'
import type { ConnectionParams } from './connection.ts'

/** A local server needs no key, so the schema cannot ask for one; OpenAI itself refuses every request without. */
export function keyWarnings(params: ConnectionParams): ParamWarning[] {
  if (params.api_key !== undefined || new URL(params.base_url).hostname !== 'api.openai.com') return []
  return [{ path: ['api_key'], message: 'api.openai.com refuses every request without api_key' }]
}
