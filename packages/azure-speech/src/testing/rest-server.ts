import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { LivePlace } from '../live/live-place.ts'

/** The Speech service's requests beside its sockets, on 127.0.0.1. */
export interface SpeechRestServer {
  /** `ws://127.0.0.1:PORT`: a container. */
  readonly host: string
  /** What stands in place of Azure's own endpoints of a region. */
  placeOf(region: string): LivePlace
  /** Method and path of each request, in order. */
  readonly asked: readonly string[]
  close(): Promise<void>
}

export interface SpeechRestScript {
  /** The key or token that each region takes; a region that is not named refuses all. */
  readonly secrets?: Readonly<Record<string, string>>
  /** Entries of the list of voices. */
  readonly voices?: readonly Readonly<Record<string, unknown>>[]
  /** What a container says of its own key; absent: there is no container. */
  readonly apiStatus?: string
  /** Answers everything with this status instead, and a page. `silence` never answers. */
  readonly instead?: number | 'silence'
}

/**
 * Sources, all learn.microsoft.com: "Authenticate requests to Azure AI services" (`issueToken`), "Text to speech REST
 * API" (`voices/list`), "Install and run Speech containers" (`/status`).
 */
export async function openSpeechRestServer(script: SpeechRestScript): Promise<SpeechRestServer> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    if (script.instead === 'silence') return
    const [status, body] = script.instead ? [script.instead, '<html>'] : answer(script, request)
    response.writeHead(status, {
      'content-type': typeof body === 'string' ? 'text/plain' : 'application/json',
    })
    response.end(typeof body === 'string' ? body : JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const origin = `http://127.0.0.1:${port}`
  return {
    host: `ws://127.0.0.1:${port}`,
    asked,
    placeOf: (region) => ({
      kind: 'azure',
      name: `region ${region}`,
      param: 'region',
      tokenUrl: `${origin}/${region}/sts/v1.0/issueToken`,
      voicesUrl: `${origin}/${region}/cognitiveservices/voices/list`,
    }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function answer(script: SpeechRestScript, request: IncomingMessage): readonly [number, unknown] {
  const [, region, path] = /^\/([a-z0-9]+)(\/(?:sts|cognitiveservices)\/.*)$/.exec(request.url ?? '') ?? []
  if (request.url === '/status' && script.apiStatus !== undefined) {
    return [200, { service: 'speechtotext', apiStatus: script.apiStatus, apiStatusMessage: 'as it is' }]
  }
  if (request.url === '/cognitiveservices/voices/list' && script.voices) return [200, script.voices]
  if (region === undefined || path === undefined) return [404, 'Not Found']
  const key = request.headers['ocp-apim-subscription-key']
  const secret = key ?? request.headers.authorization?.replace(/^Bearer /, '')
  if (secret === undefined || secret !== script.secrets?.[region]) {
    const message = 'Access denied due to invalid subscription key or wrong API endpoint.'
    return [401, { error: { code: '401', message } }]
  }
  if (path === '/sts/v1.0/issueToken') {
    return request.method === 'POST' && key !== undefined ? [200, 'a.token.of-ten-minutes'] : [405, '']
  }
  return [200, script.voices ?? []]
}
