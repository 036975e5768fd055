import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { ACCOUNT_SID } from './twilio-stream.ts'

type Fields = Readonly<Record<string, unknown>>

/** What Twilio's REST API tells of an account and its numbers, read only. */
export interface AccountDouble {
  readonly url: string
  /** Paths that were asked, in order. */
  readonly asked: readonly string[]
  close(): Promise<void>
}

export interface AccountScript {
  readonly account?: Fields
  /** Fields of each number over those of one that is new: a demo webhook, called by POST. */
  readonly numbers?: readonly Fields[]
  /** TwiML Apps by SID. */
  readonly applications?: Readonly<Record<string, Fields>>
  /** Numbers of a page, whatever is asked for. */
  readonly pageSize?: number
  /** The `Date` header; absent: this machine's time. */
  readonly date?: string
  /** As a standard API key sees it: all but the account's own resource. `numbers`: a restricted one, not even these. */
  readonly hides?: 'account' | 'numbers'
  /** Answers everything like this instead. `silence` never answers. */
  readonly instead?: 'silence' | { readonly status: number; readonly code?: number; readonly html?: string }
}

/**
 * Sources: twilio.com/docs/iam/api/account#fetch-an-account-resource, twilio.com/docs/usage/api/applications,
 * twilio.com/docs/phone-numbers/api/incomingphonenumber-resource, and its pages in twilio.com/docs/usage/twilios-response.
 */
export async function openAccountDouble(
  authToken: string,
  script: AccountScript,
  user = ACCOUNT_SID,
): Promise<AccountDouble> {
  const asked: string[] = []
  const authorization = `Basic ${Buffer.from(`${user}:${authToken}`).toString('base64')}`
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    if (script.date !== undefined) response.setHeader('date', script.date)
    if (script.instead === 'silence') return
    if (script.instead?.html !== undefined) {
      response.writeHead(script.instead.status, { 'content-type': 'text/html' }).end(script.instead.html)
    } else if (script.instead) {
      problem(response, script.instead.status, script.instead.code ?? 20404)
    } else if (request.headers.authorization !== authorization) {
      problem(response, 401, 20003)
    } else answer(script, request, response, authToken)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

const ROOT = `/2010-04-01/Accounts/${ACCOUNT_SID}`

function answer(script: AccountScript, request: IncomingMessage, response: ServerResponse, token: string) {
  const url = new URL(request.url ?? '/', 'http://loopback')
  const app = new RegExp(`^${ROOT}/Applications/([^/]+)\\.json$`).exec(url.pathname)?.[1]
  if (request.method !== 'GET') return problem(response, 405, 20004)
  if (url.pathname === `${ROOT}.json`) {
    if (script.hides) return problem(response, 401, 20003)
    const account = { sid: ACCOUNT_SID, status: 'active', type: 'Full', auth_token: token, ...script.account }
    return json(response, 200, account)
  }
  if (url.pathname === `${ROOT}/IncomingPhoneNumbers.json`) {
    if (script.hides === 'numbers') return problem(response, 403, 70051)
    return json(response, 200, page(script, url))
  }
  const found = app === undefined ? undefined : script.applications?.[app]
  return found
    ? json(response, 200, { sid: app, voice_method: 'POST', ...found })
    : problem(response, 404, 20404)
}

function page({ numbers = [], pageSize }: AccountScript, url: URL): Fields {
  const size = pageSize ?? Number(url.searchParams.get('PageSize') ?? 50)
  const at = Number(url.searchParams.get('Page') ?? 0)
  const isLast = (at + 1) * size >= numbers.length
  return {
    page: at,
    page_size: size,
    next_page_uri: isLast ? null : `${url.pathname}?PageSize=${size}&Page=${at + 1}&PageToken=PA1`,
    incoming_phone_numbers: numbers
      .slice(at * size, (at + 1) * size)
      .map((fields) => ({ ...NEW, ...fields })),
  }
}

const NEW: Fields = {
  account_sid: ACCOUNT_SID,
  phone_number: '+15005550006',
  capabilities: { voice: true, SMS: true, MMS: false },
  voice_url: 'https://demo.twilio.com/welcome/voice/',
  voice_method: 'POST',
  voice_application_sid: '',
  trunk_sid: null,
  status_callback: '',
  status: 'in-use',
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

function problem(response: ServerResponse, status: number, code: number): void {
  const more = `https://www.twilio.com/docs/errors/${code}`
  json(response, status, { code, message: 'as Twilio puts it', more_info: more, status })
}
