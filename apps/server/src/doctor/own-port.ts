import { createServer, isIPv6 } from 'node:net'
import { type LiveFinding } from '@kav/core'
import { finding, jsonUpTo } from '@kav/core/kit'
import { OWN_PATHS } from '../own-paths.ts'

const ANSWER_LIMIT_MS = 2000
/** Kav tells of its readiness in a few KB; whoever else has the port may say what they like. */
const MAX_ANSWER_BYTES = 1_048_576

/** Which port it is: how findings call it, and the variable that moves it. */
interface OwnPort {
  readonly what: string
  readonly variable: string
}

const CALLS: OwnPort = { what: 'port', variable: 'PORT' }
const ADMIN: OwnPort = { what: 'admin port', variable: 'ADMIN_PORT' }

/** Whether `kav serve` could have its ports, or has them already. */
export async function portFindings(
  callsPort: number,
  admin: { readonly port: number; readonly host: string } | undefined,
): Promise<readonly LiveFinding[]> {
  const calls = await holderOf(callsPort)
  const found = [findingOf(CALLS, callsPort, calls)]
  if (admin === undefined) return found
  const holder = await holderOf(admin.port, admin.host)
  if (holder === 'kav' && calls === 'nobody') return [...found, anothersAdminPort(admin.port)]
  return [...found, findingOf(ADMIN, admin.port, holder)]
}

/** `nobody`, `kav`, `other`, or the code of why it cannot be opened. */
async function holderOf(port: number, host?: string): Promise<string> {
  const code = await listenOnce(port, host)
  if (code !== 'EADDRINUSE') return code ?? 'nobody'
  return (await kavAnswers(port, host)) ? 'kav' : 'other'
}

function findingOf({ what, variable }: OwnPort, port: number, holder: string): LiveFinding {
  switch (holder) {
    case 'nobody':
      return finding.ok(`${what} ${port} is free: kav serve is not running there`)
    case 'kav':
      return finding.ok(`kav serve answers on ${what} ${port}`)
    case 'other':
      return finding.warning(
        `something that is not kav serve has ${what} ${port}`,
        `Stop it (ss -ltnp shows which it is), or set ${variable} to another one.`,
      )
    case 'EACCES':
      return finding.error(
        `${what} ${port} may not be opened by this user (EACCES)`,
        `Set ${variable} to one of 1024 or more, and let the proxy in front forward to it.`,
      )
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return finding.error(
        `${what} ${port}: its address is none of this machine (${holder})`,
        'Set ADMIN_HOST to 127.0.0.1, 0.0.0.0 or an address that ip addr shows.',
      )
    default:
      return finding.error(
        `${what} ${port} cannot be opened (${holder})`,
        `Set ${variable} to a port that is free.`,
      )
  }
}

function anothersAdminPort(port: number): LiveFinding {
  return finding.warning(
    `another kav serve has admin port ${port}: one with these settings would not start`,
    'Set ADMIN_PORT to another one, to 0 for any that is free, or to off.',
  )
}

/** The code of what was wrong with opening it; undefined when nothing was. */
function listenOnce(port: number, host: string | undefined): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'unknown'))
    server.listen(port, host, () => server.close(() => resolve(undefined)))
  })
}

/** Both ports tell of readiness, in words that no other service has. */
async function kavAnswers(port: number, host = '127.0.0.1'): Promise<boolean> {
  try {
    const at = host === '0.0.0.0' ? '127.0.0.1' : isIPv6(host) ? `[${host}]` : host
    const url = `http://${at}:${port}${OWN_PATHS.ready}`
    const answer = await fetch(url, { signal: AbortSignal.timeout(ANSWER_LIMIT_MS), redirect: 'manual' })
    const said = (await jsonUpTo(answer, MAX_ANSWER_BYTES)) as { ready?: unknown; reason?: unknown } | null
    return said?.ready === true || (said?.ready === false && typeof said.reason === 'string')
  } catch {
    return false
  }
}
