import { messageOf } from '@kav/core'
import { jsonUpTo, textUpTo } from '@kav/core/kit'
import { adminPortOf, type ProcessSettings } from '../environment.ts'
import { OWN_PATHS, RELOAD_HEADER } from '../own-paths.ts'
import type { ReloadOutcome } from '../service/reloader.ts'

/** Opening what is new, and its first words, take their time; a hung process takes for ever. */
const ANSWER_LIMIT_MS = 60_000
/** The problems of many files; another server at the port may never end. */
const MAX_ANSWER_BYTES = 8_388_608
const MAX_REFUSAL_BYTES = 4096

/**
 * `kav reload`: has the `kav serve` of this machine read its files anew, and prints what came of it. Exit code 0 when
 * they were taken, 2 when they were not and all goes on as it was, 1 when nobody could be asked.
 */
export async function reload(
  options: { readonly port?: number },
  settings: ProcessSettings,
  print: (line: string) => void,
): Promise<number> {
  const port = adminPortOf(settings.adminPort, options.port ?? settings.port)
  if (port === undefined || port === 0)
    throw new Error(
      'there is no admin port to ask (ADMIN_PORT is off or 0): send the process SIGHUP, and read its log',
    )
  const host = settings.adminHost === '0.0.0.0' ? '127.0.0.1' : settings.adminHost
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}${OWN_PATHS.reload}`
  const outcome = await ask(url)
  if (!outcome.ok) {
    for (const problem of outcome.problems) print(problem)
    print('nothing has changed: the files were not taken')
    return 2
  }
  for (const warning of outcome.warnings) print(warning)
  for (const what of ['added', 'changed', 'removed', 'unchanged'] as const)
    if (outcome[what].length > 0) print(`${what}: ${outcome[what].join(', ')}`)
  return 0
}

async function ask(url: string): Promise<ReloadOutcome> {
  try {
    const signal = AbortSignal.timeout(ANSWER_LIMIT_MS)
    const answer = await fetch(url, { method: 'POST', headers: { [RELOAD_HEADER]: 'reload' }, signal })
    if (answer.status !== 200 && answer.status !== 422)
      throw new Error(
        `HTTP ${answer.status}: ${(await textUpTo(answer.body, MAX_REFUSAL_BYTES)).slice(0, 200).trim()}`,
      )
    return (await jsonUpTo(answer, MAX_ANSWER_BYTES)) as ReloadOutcome
  } catch (error) {
    throw new Error(
      `${url} cannot be asked (${reason(error)}): is kav serve running, with this PORT and ADMIN_PORT?`,
      {
        cause: error,
      },
    )
  }
}

function reason(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined
  return messageOf(cause ?? error)
}
