import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { PhoneCall } from './phone-call.ts'

/** Requests that reached the API, for assertions. */
export interface CarrierRequest {
  readonly callSid: string
  readonly fields: Readonly<Record<string, string>>
  readonly status: number
}

/** The part of Twilio's REST API that ends a live call, on loopback. */
export interface CarrierApi {
  /** Give it to the server as `api_base_url`. */
  readonly url: string
  readonly requests: readonly CarrierRequest[]
  /** Calls that were ordered, oldest first: whoever plays the carrier places them. */
  readonly ordered: readonly OrderedCall[]
  /** Answers so many orders from now on with 429: too many. */
  refuseOrders(count: number): void
  /** Lets the server end this call by its SID; forgotten once it is over. */
  add(call: PhoneCall): void
  close(): Promise<void>
}

/** What `POST …/Calls.json` asked for. */
export interface OrderedCall {
  readonly callSid: string
  readonly fields: Readonly<Record<string, string>>
}

export interface CarrierApiOptions {
  readonly accountSid?: string
  /** With both given, requests must carry them (Basic). */
  readonly authToken?: string
  readonly port?: number
}

const CALL_PATH = /^\/2010-04-01\/Accounts\/([^/]+)\/Calls\/([^/]+)\.json$/
const CALLS_PATH = /^\/2010-04-01\/Accounts\/([^/]+)\/Calls\.json$/
const MAX_BODY_BYTES = 65_536

/**
 * Serves `POST /2010-04-01/Accounts/{AC}/Calls/{CA}.json`: `Status=completed` hangs up, `Twiml` or `Url` takes the
 * call elsewhere; either way the stream gets `stop` and its socket closes.
 * Source: twilio.com/docs/voice/api/call-resource#update-a-call-resource.
 */
export async function openCarrierApi(options: CarrierApiOptions = {}): Promise<CarrierApi> {
  const calls = new Map<string, PhoneCall>()
  const requests: CarrierRequest[] = []
  const ordered: OrderedCall[] = []
  let refusals = 0

  function order(request: IncomingMessage, body: string): { status: number; body: object } {
    if (!authorised(request, options)) return problem(401, 20003, 'Authenticate')
    if (refusals > 0) {
      refusals--
      return problem(429, 20429, 'Too Many Requests')
    }
    const fields = Object.fromEntries(new URLSearchParams(body))
    if (fields['To'] === undefined || fields['From'] === undefined || fields['Url'] === undefined)
      return problem(400, 21201, 'No To, From or Url was given')
    const callSid = `CA${randomBytes(16).toString('hex')}`
    ordered.push({ callSid, fields })
    return { status: 201, body: { sid: callSid, status: 'queued' } }
  }

  function answer(request: IncomingMessage, body: string): { status: number; body: object } {
    if (request.method === 'POST' && CALLS_PATH.test(request.url ?? '')) return order(request, body)
    const [, accountSid = '', callSid = ''] = CALL_PATH.exec(request.url ?? '') ?? []
    if (request.method !== 'POST' || callSid === '')
      return problem(404, 20404, 'The requested resource was not found')
    if (!authorised(request, options)) return problem(401, 20003, 'Authenticate')
    const fields = Object.fromEntries(new URLSearchParams(body))
    const call = calls.get(callSid)
    const outcome = !call
      ? problem(404, 20404, `The requested resource ${request.url} was not found`)
      : endCall(call, fields, accountSid)
    requests.push({ callSid, fields, status: outcome.status })
    return outcome
  }

  const server = createServer((request, response) => {
    readText(request).then(
      (body) => {
        const { status, body: value } = answer(request, body)
        response.writeHead(status, { 'Content-Type': 'application/json', Connection: 'close' })
        response.end(JSON.stringify(value))
      },
      () => request.socket.destroy(),
    )
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    ordered,
    refuseOrders: (count) => void (refusals += count),
    add(call) {
      calls.set(call.callSid, call)
      void call.finished.then(() => calls.delete(call.callSid))
    },
    close: () => new Promise((resolve) => void server.close(() => resolve())),
  }
}

function problem(status: number, code: number, message: string): { status: number; body: object } {
  return { status, body: { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status } }
}

function authorised(request: IncomingMessage, options: CarrierApiOptions): boolean {
  if (options.accountSid === undefined || options.authToken === undefined) return true
  const expected = Buffer.from(`${options.accountSid}:${options.authToken}`).toString('base64')
  return request.headers.authorization === `Basic ${expected}`
}

function endCall(
  call: PhoneCall,
  fields: Readonly<Record<string, string>>,
  accountSid: string,
): { status: number; body: object } {
  const elsewhere = fields['Twiml'] !== undefined || fields['Url'] !== undefined
  if (!elsewhere && fields['Status'] !== 'completed') {
    return problem(400, 21220, 'Invalid call state')
  }
  call.endFromCarrier(elsewhere ? 'transferred' : 'agent')
  const status = elsewhere ? 'in-progress' : 'completed'
  return { status: 200, body: { sid: call.callSid, account_sid: accountSid, status } }
}

async function readText(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request as AsyncIterable<Buffer>) {
    text += chunk.toString('utf8')
    if (text.length > MAX_BODY_BYTES) throw new Error('body too long')
  }
  return text
}
