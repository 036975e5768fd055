import type { LiveFinding } from '@kav/core'
import { finding, LIVE_CHECK_MS } from '@kav/core/kit'
import { WebSocket } from 'ws'
import { NO_FIELDS } from '../signing/form-fields.ts'
import { expectedSignature } from '../signing/signature.ts'
import { type Knock, nobodyFinding, signatureFinding, strangerFinding } from './knock.ts'

/** Opens the media stream as Twilio does, and closes it again before it has begun. */
export function knockAtStream(url: string, { authToken }: Knock): Promise<LiveFinding> {
  const headers =
    authToken === undefined ? {} : { 'x-twilio-signature': expectedSignature(authToken, url, NO_FIELDS) }
  const socket = new WebSocket(url, { headers, handshakeTimeout: LIVE_CHECK_MS })
  return new Promise((resolve) => {
    socket.on('open', () => {
      socket.close(1000)
      resolve(finding.ok(`${url} opens a stream`))
    })
    socket.on('unexpected-response', (request, response) => {
      request.destroy()
      resolve(refused(url, response.statusCode ?? 0))
    })
    socket.on('error', (error) => resolve(nobodyFinding(error, url)))
  })
}

function refused(url: string, status: number): LiveFinding {
  if (status === 403) return signatureFinding(url)
  // 426 is what Kav answers a request whose upgrade was taken off; a proxy that does so may say anything else.
  if (status === 426 || status === 400 || status === 200) {
    return finding.error(
      `${url} is no WebSocket behind the proxy (HTTP ${status}): no stream comes through`,
      'Let the proxy pass on upgrades: in nginx proxy_http_version 1.1, and the headers Upgrade and Connection.',
    )
  }
  return strangerFinding(url, status, undefined)
}
