import type { Clock, LiveFinding } from '@kav/core'
import { finding, noAnswer } from '@kav/core/kit'

/** What is needed to come in as Twilio does. */
export interface Knock {
  /** Absent: nothing is signed, and nothing is checked. */
  readonly authToken: string | undefined
  readonly clock: Clock
}

/** What anything but Kav behind `public_url` says, by its status. */
export function strangerFinding(url: string, status: number, headers: Headers | undefined): LiveFinding {
  const { host } = new URL(url)
  const tunnel = headers?.get('ngrok-error-code')
  if (tunnel !== null && tunnel !== undefined) {
    return finding.error(
      `the tunnel at ${host} is up, and nothing is behind it (${tunnel.slice(0, 40)})`,
      'Start kav serve, and let the tunnel lead to its port.',
    )
  }
  if (status >= 300 && status < 400) {
    const to = headers?.get('location')?.replace(/[?#].*$/s, '') ?? 'elsewhere'
    return finding.error(
      `${url} is redirected to ${to.slice(0, 200)} (HTTP ${status}): what Twilio signs fits neither`,
      'Write in public_url the address that it is redirected to, or end the redirect.',
    )
  }
  if (status === 404) {
    return finding.error(
      `${url} is not found (HTTP 404)`,
      'Let the proxy pass the paths of the transport on to kav serve, with the prefix of public_url taken off.',
    )
  }
  if (status === 502 || status === 503 || status === 504) {
    return finding.error(
      `the proxy at ${host} answers HTTP ${status}: it does not reach kav serve`,
      'Start kav serve, and check address and port in the proxy.',
    )
  }
  return finding.error(
    `what answers at ${url} is not kav serve (HTTP ${status})`,
    'Let public_url lead to kav serve alone: no login, no firewall page, no other service.',
  )
}

/** The signature did not fit what the running server expects. */
export function signatureFinding(url: string): LiveFinding {
  return finding.error(
    `kav serve at ${url} refuses what is signed with this auth_token for this URL (HTTP 403)`,
    'Start kav serve with the same auth_token and public_url as this file has; its log says which URL it checked.',
  )
}

/** Nobody there: on this machine that is a server that has not been started. */
export function nobodyFinding(thrown: unknown, url: string): LiveFinding {
  const { host } = new URL(url)
  const { code } = ((thrown as Error).cause ?? thrown) as { code?: unknown }
  if (code === 'ECONNREFUSED' && isLoopback(url))
    return finding.warning(`nothing answers at ${host} yet`, 'Start kav serve, and run kav doctor again.')
  return noAnswer(thrown, { host, param: 'public_url' })
}

export function isLoopback(url: string): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(url).hostname)
}
