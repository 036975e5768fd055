import type { ParamWarning } from '@kav/core'
import { isPlainElsewhere } from '@kav/core/kit'
import type { ConnectionParams } from './connection.ts'

/** A local server needs no key, so the schema cannot ask for one; OpenAI itself refuses every request without. */
export function keyWarnings(params: ConnectionParams): ParamWarning[] {
  const { api_key: key, base_url: url } = params
  if (!URL.canParse(url)) return [{ path: ['base_url'], message: 'is no URL', severity: 'error' }]
  if (key === undefined && new URL(url).hostname === 'api.openai.com')
    return [{ path: ['api_key'], message: 'api.openai.com refuses every request without api_key' }]
  const proves =
    key !== undefined || Object.keys(params.headers).some((name) => /^(authorization|.*-key)$/i.test(name))
  if (!proves || !isPlainElsewhere(url)) return []
  const message =
    'is http to another machine: the key crosses the network readable; use https, or leave api_key out where the server asks for none'
  return [{ path: ['base_url'], message }]
}
