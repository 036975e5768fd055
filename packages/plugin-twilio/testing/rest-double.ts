import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ACCOUNT_SID } from './twilio-stream.ts'

export interface RestRequest {
  /** Of the call that is updated; of one that is placed it is what the answer says. */
  readonly callSid: string
  readonly form: Readonly<Record<string, string>>
}

/** How the double answers from here on. `drop` cuts the connection; `silence` never answers; `endless` never ends. */
export type RestBehaviour =
  | 'ok'
  | 'not-found'
  | 'bad-twiml'
  | 'too-many'
  | 'server-error'
  | 'drop'
  | 'drop-once'
  | 'silence'
  | 'endless'

/** Twilio's REST API as far as Kav uses it: updating a call, and placing one. Checks credentials and form. */
export interface RestDouble {
  readonly url: string
  readonly requests: readonly RestRequest[]
  behave(behaviour: RestBehaviour): void
  /** Runs when an update was accepted, before the answer is sent. */
  onUpdate(listener: (request: RestRequest) => void): void
  /** Runs when a call was ordered, before the answer is sent. */
  onCreate(listener: (request: RestRequest) => void): void
  connections(): Promise<number>
  close(): Promise<void>
}

export async function openRestDouble(authToken: string, user = ACCOUNT_SID): Promise<RestDouble> {
  const requests: RestRequest[] = []
  const authorization = `Basic ${Buffer.from(`${user}:${authToken}`).toString('base64')}`
  let behaviour: RestBehaviour = 'ok'
  let onUpdate: (request: RestRequest) => void = () => undefined
  let onCreate: (request: RestRequest) => void = () => undefined
  let created = 0

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = new RegExp(`^/2010-04-01/Accounts/${ACCOUNT_SID}/Calls(?:/([^/]+))?\\.json$`).exec(
      request.url ?? '',
    )
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    if (path === null || request.method !== 'POST') return problem(response, 404, 20404, 'no such resource')
    if (request.headers.authorization !== authorization) return problem(response, 401, 20003, 'Authenticate')
    if (!String(request.headers['content-type']).startsWith('application/x-www-form-urlencoded')) {
      return problem(response, 400, 21000, 'not a form')
    }
    const isOrder = path[1] === undefined
    const received = {
      callSid: isOrder ? `CA${String(++created).padStart(32, 'f')}` : decodeURIComponent(path[1]!),
      form: Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString())),
    }
    requests.push(received)
    switch (behaviour) {
      case 'drop-once':
        behaviour = 'ok'
        return void request.socket.destroy()
      case 'drop':
        return void request.socket.destroy()
      case 'silence':
        return
      case 'endless':
        return answerWithoutEnd(response)
      case 'not-found':
        return problem(response, 404, 20404, 'The requested resource was not found')
      case 'bad-twiml':
        return problem(response, 400, 21218, 'Invalid Twiml')
      case 'too-many':
        return problem(response, 429, 20429, 'Too many requests')
      case 'server-error':
        return void response.writeHead(503, { 'content-type': 'text/html' }).end('<html>down</html>')
      case 'ok':
        ;(isOrder ? onCreate : onUpdate)(received)
        response
          .writeHead(isOrder ? 201 : 200, { 'content-type': 'application/json' })
          .end(JSON.stringify({ sid: received.callSid, status: isOrder ? 'queued' : 'in-progress' }))
    }
  }
  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    behave: (next) => void (behaviour = next),
    onUpdate: (next) => void (onUpdate = next),
    onCreate: (next) => void (onCreate = next),
    connections: () => new Promise((resolve) => server.getConnections((_, count) => resolve(count))),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function answerWithoutEnd(response: ServerResponse): void {
  const piece = ' '.repeat(16_384)
  const more = (): void => {
    while (!response.destroyed && response.write(piece));
  }
  response
    .writeHead(200, { 'content-type': 'application/json' })
    .on('drain', more)
    .on('error', () => undefined)
  more()
}

function problem(response: ServerResponse, status: number, code: number, message: string): void {
  response
    .writeHead(status, { 'content-type': 'application/json' })
    .end(JSON.stringify({ code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status }))
}
