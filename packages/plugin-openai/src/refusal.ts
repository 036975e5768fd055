import { parseJson, textUpTo } from '@kav/core/kit'
import { serverFaultOf } from './server-fault.ts'

/** No reason is longer; what is behind it is not read. */
const MAX_REFUSAL_BYTES = 65_536

/**
 * A refusal in the shape that the SDK reads, `{error: {message, code, type}}`, whatever shape it came in: the SDK
 * drops the reason of any other. Status and headers stay.
 */
export async function tellableRefusal(response: Response): Promise<Response> {
  const text = await textUpTo(response.body as AsyncIterable<Uint8Array> | null, MAX_REFUSAL_BYTES)
  const error = withoutNothing(faultOfBody(text))
  const headers = new Headers([...response.headers].filter(([name]) => !/^content-/.test(name)))
  headers.set('content-type', 'application/json')
  const { status, statusText } = response
  const body = Object.keys(error).length > 0 ? JSON.stringify({ error }) : '{}'
  return new Response(body, { status, statusText, headers })
}

function faultOfBody(text: string) {
  const xml = /<message>([^<]{1,500})</i.exec(text)?.[1]
  if (xml !== undefined) return { message: xml.trim() }
  if (isHtml(text)) return { message: `a page of HTML${titleOf(text)} instead of an answer` }
  return serverFaultOf(parseJson(text) ?? text)
}

/** Whether a body is a page: of a proxy, of a portal that wants a password. */
export function isHtml(text: string): boolean {
  return /^\s*<(?:!doctype|!--|html|head|body|\?xml)/i.test(text)
}

/** ` ("502 Bad Gateway")`, of a page that has a title. */
export function titleOf(text: string): string {
  const title = /<title(?:\s[^<>]{0,100})?>([^<]{1,200})/i.exec(text)?.[1]?.trim()
  return title ? ` ("${title}")` : ''
}

function withoutNothing(fields: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}
