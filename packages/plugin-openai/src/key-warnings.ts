import type { ParamWarning } from '@kav/core'
import { isPlainElsewhere } from '@kav/core/kit'
import type { ConnectionParams } from './connection.ts'
import { OWN_PATHS } from './own-paths.ts'

/** A local server needs no key, so the schema cannot ask for one; OpenAI itself refuses every request without. */
export function keyWarnings(params: ConnectionParams): ParamWarning[] {
  const { api_key: key, base_url: url } = params
  const wrong = urlFault(url)
  if (wrong !== undefined) return [{ path: ['base_url'], message: wrong, severity: 'error' }]
  if (key === undefined && new URL(url).hostname === 'api.openai.com')
    return [{ path: ['api_key'], message: 'api.openai.com refuses every request without api_key' }]
  const proves =
    key !== undefined || Object.keys(params.headers).some((name) => /^(authorization|.*-key)$/i.test(name))
  if (!proves || !isPlainElsewhere(url)) return []
  const message =
    'is http to another machine: the key crosses the network readable; use https, or leave api_key out where the server asks for none'
  return [{ path: ['base_url'], message }]
}

/** Under an address with more than the API's root nothing is found (404). */
function urlFault(url: string): string | undefined {
  if (!URL.canParse(url)) return 'is no URL'
  const { search, hash, pathname } = new URL(url)
  const [bare = ''] = url.split(/[?#]/, 1)
  if (search !== '') return `ends in a query, which is written in "query"; write "${bare}"`
  if (hash !== '') return `ends in "#…", which is sent nowhere; write "${bare}"`
  const [own] = OWN_PATHS.exec(pathname.replace(/\/+$/, '')) ?? []
  if (own === undefined) return undefined
  return `ends in ${own}, which Kav adds by itself; write "${bare.replace(/\/+$/, '').slice(0, -own.length)}"`
}
