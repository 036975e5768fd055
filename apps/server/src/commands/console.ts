import { messageOf } from '@kav/core'
import { knownAdminToken } from '../admin/admin-token.ts'
import { consoleLink } from '../admin/console-link.ts'
import { adminPortOf, type ProcessSettings } from '../environment.ts'

const ANSWER_LIMIT_MS = 2000

/**
 * `kav console`: prints the link to the console of the `kav serve` that runs in this folder, with its token. Exit code 0,
 * or 1 when nobody answers there now.
 *
 * @param reveal prints what `print` would hide
 */
export async function showConsole(
  options: { readonly port?: number },
  settings: ProcessSettings,
  { print, reveal }: { print: (line: string) => void; reveal: (line: string) => void },
): Promise<number> {
  const port = adminPortOf(settings.adminPort, options.port ?? settings.port)
  if (port === undefined || port === 0)
    throw new Error('the address of the console is not known here: ADMIN_PORT is off or 0')
  const token = knownAdminToken(settings.env)
  const place = { host: settings.adminHost, port }
  reveal(consoleLink(place, token))
  const fault = await whyNot(new URL('/api/about', consoleLink(place, token)), token)
  if (fault === undefined) return 0
  print(fault)
  return 1
}

async function whyNot(url: URL, token: string): Promise<string | undefined> {
  try {
    const headers = { authorization: `Bearer ${token}` }
    const { status } = await fetch(url, { headers, signal: AbortSignal.timeout(ANSWER_LIMIT_MS) })
    if (status === 200) return undefined
    if (status === 401)
      return 'whoever answers there has another token: run this in the folder of the process, with its environment'
    return `whoever answers there is no kav serve (HTTP ${status})`
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined
    return `nobody answers there now (${messageOf(cause ?? error)}): is kav serve running, with this PORT and ADMIN_PORT?`
  }
}
