import { createServer } from 'node:net'
import { type LiveFinding } from '@kav/core'
import { finding } from '@kav/core/kit'
import { OWN_PATHS } from '../own-paths.ts'

const ANSWER_LIMIT_MS = 2000

/** Whether `kav serve` could have the port, or has it already. */
export async function portFinding(port: number): Promise<LiveFinding> {
  const code = await listenOnce(port)
  if (code === undefined) return finding.ok(`port ${port} is free: kav serve is not running there`)
  if (code === 'EACCES') {
    return finding.error(
      `port ${port} may not be opened by this user (EACCES)`,
      'Set PORT to one of 1024 or more, and let the proxy in front forward to it.',
    )
  }
  if (code !== 'EADDRINUSE') {
    return finding.error(`port ${port} cannot be opened (${code})`, 'Set PORT to a port that is free.')
  }
  if (await kavAnswers(port)) return finding.ok(`kav serve answers on port ${port}`)
  return finding.warning(
    `something that is not kav serve has port ${port}`,
    `Stop it (ss -ltnp shows which it is), or set PORT to another one.`,
  )
}

/** The code of what was wrong with opening it; undefined when nothing was. */
function listenOnce(port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'unknown'))
    server.listen(port, () => server.close(() => resolve(undefined)))
  })
}

async function kavAnswers(port: number): Promise<boolean> {
  try {
    const url = `http://127.0.0.1:${port}${OWN_PATHS.health}`
    const answer = await fetch(url, { signal: AbortSignal.timeout(ANSWER_LIMIT_MS), redirect: 'manual' })
    const said = (await answer.json()) as { status?: unknown; calls?: unknown } | null
    return said?.status === 'ok' && typeof said.calls === 'number'
  } catch {
    return false
  }
}
