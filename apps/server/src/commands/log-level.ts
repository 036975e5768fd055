import { messageOf } from '@kav/core'
import { jsonUpTo } from '@kav/core/kit'
import { knownAdminToken } from '../admin/admin-token.ts'
import { adminPortOf, LOG_LEVELS, type ProcessSettings } from '../environment.ts'
import { WrongUse } from '../wrong-use.ts'

export interface LogLevelFlags {
  readonly call?: string
  readonly plugin?: string
  /** `30s`, `10m`, `2h`, `1d`. */
  readonly for?: string
  readonly port?: number
}

const ANSWER_LIMIT_MS = 5000
/** Another server at the port may never end. */
const MAX_ANSWER_BYTES = 65_536
const MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }
const LONGEST_MS = 86_400_000

/**
 * `kav log-level <level>`: the `kav serve` of this machine writes more of its log, or less, for a while. Exit code 0, or 1
 * when nobody could be asked or it was refused.
 */
export async function logLevel(
  level: string,
  { call, plugin, for: time = '10m', port: calls }: LogLevelFlags,
  settings: ProcessSettings,
  print: (line: string) => void,
): Promise<number> {
  if (!LOG_LEVELS.includes(level)) throw new WrongUse(`level ${level}: write one of ${LOG_LEVELS.join(', ')}`)
  const forMs = msOf(time)
  const port = adminPortOf(settings.adminPort, calls ?? settings.port)
  if (port === undefined || port === 0)
    throw new Error('there is no admin port to ask: ADMIN_PORT is off or 0')
  const body = { level, ...(call && { call }), ...(plugin && { plugin }), forMs }
  const host = settings.adminHost === '0.0.0.0' ? '127.0.0.1' : settings.adminHost
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}/api/log-level`
  const answer = await fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${knownAdminToken(settings.env)}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(ANSWER_LIMIT_MS),
  }).catch((error: unknown) => {
    const cause = error instanceof Error ? error.cause : undefined
    throw new Error(
      `${url} cannot be asked (${messageOf(cause ?? error)}): is kav serve running, with this PORT and ADMIN_PORT?`,
      { cause: error },
    )
  })
  const told = (await jsonUpTo(answer, MAX_ANSWER_BYTES)) as {
    until?: string
    error?: { message: string; fix: string }
  }
  if (told.error) {
    print(`${told.error.message}: ${told.error.fix}`)
    return 1
  }
  const of = [call && `call ${call}`, plugin && `plugin ${plugin}`].filter(Boolean).join(', ')
  print(`${level}${of && ` of ${of}`} until ${told.until}`)
  return 0
}

function msOf(time: string): number {
  const [, count = '0', unit = 's'] = /^(\d{1,6})([smhd])$/.exec(time) ?? []
  const ms = Number(count) * MS[unit]!
  if (ms === 0 || ms > LONGEST_MS)
    throw new WrongUse(`--for ${time}: write 30s, 10m, 2h or 1d, a day at most`)
  return ms
}
