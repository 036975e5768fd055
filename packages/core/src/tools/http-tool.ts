import type { BoundedAnswer } from '../kit/wire/bounded-answer.ts'
import { isSecretKey, Redactor } from '../kit/secrets/index.ts'
import { bodyPlaces, fillBody, restOf } from './body-template.ts'
import { compileArguments } from './argument-check.ts'
import { runHttpExchange, SAFE } from './http-exchange.ts'
import { pickFields } from './pick-fields.ts'
import { fillPlaces, placesOf, type PlaceValues, textOf, valueAt } from './place-text.ts'
import { type RunnableTool, ToolFailure } from './runnable-tool.ts'
import type { HttpAuth, HttpToolSettings } from './tool-settings.ts'
import { parseUrlTemplate } from './url-template.ts'

const MAX_ERROR_TEXT = 300
const WITH_BODY: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH'])
/** Words such as OK, and no structure whose fields were not picked. */
const BRIEF = /^[^[{<].{0,299}$/s
/** Of a call that is traced, or that came with a trace: W3C Trace Context. */
const TRACEPARENT = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/
const READABLE = /^$|json|xml|^text\/|x-www-form-urlencoded/

/**
 * A tool that asks an HTTP service, as a pipeline file declares it. Throws when the settings are faulty, which
 * `config/` has ruled out.
 */
export function createHttpTool(settings: HttpToolSettings): RunnableTool {
  const { name, description, method, parameters, timeoutMs, maxResponseBytes } = settings
  const url = parseUrlTemplate(settings.url)
  if (!url.ok) throw new Error(`tool ${name}: url ${url.reason}`)
  const compiled = compileArguments(parameters)
  if (!compiled.ok) throw new Error(`tool ${name}: parameters: ${compiled.reason}`)
  const { template } = url
  const used = usedArguments(settings, template.places)
  /** Some services repeat the key they refuse. */
  const redactor = new Redactor()
  for (const secret of secretsOf(settings)) redactor.add(secret)

  function bodyFor(values: PlaceValues): string | undefined {
    if (settings.body !== undefined) return JSON.stringify(fillBody(settings.body, values))
    return WITH_BODY.has(method) ? JSON.stringify(restOf(values.args, used)) : undefined
  }

  return {
    tool: { name, description, parameters },
    check: compiled.check,
    timeoutMs,
    silent: false,
    lasting: !SAFE.has(method),
    async run(args, scope) {
      const values: PlaceValues = { args, call: scope.params }
      const body = bodyFor(values)
      const answer = await runHttpExchange({
        url: template.fill(values),
        method,
        headers: headersFor(settings, values),
        ...(body === undefined ? {} : { body }),
        maxResponseBytes,
        signal: scope.signal,
      })
      return { content: tell({ ...answer, text: redactor.clean(answer.text) }, settings) }
    },
  }
}

function usedArguments(
  settings: HttpToolSettings,
  urlPlaces: readonly { kind: string; name: string }[],
): ReadonlySet<string> {
  const places = [...urlPlaces, ...bodyPlaces(settings.body).map(({ place }) => place)]
  return new Set(places.flatMap(({ kind, name }) => (kind === 'argument' ? [name] : [])))
}

/** Also what stands behind `Bearer` in a header that was written by hand, and keys in the query. */
function secretsOf({ url, headers, auth }: HttpToolSettings): readonly string[] {
  const inHeaders = Object.entries(headers).flatMap(([name, value]) =>
    isSecretKey(name) ? [value, value.replace(/^\S+\s+/, '')] : [],
  )
  const [, ...query] = url.split('?')
  const inQuery = [...new URLSearchParams(query.join('?'))].flatMap(([name, value]) =>
    isSecretKey(name) && placesOf(value).length === 0 ? [value] : [],
  )
  const inAuth = auth === undefined ? [] : [auth.type === 'bearer' ? auth.token : auth.password]
  return [...inHeaders, ...inQuery, ...inAuth]
}

function headersFor(settings: HttpToolSettings, values: PlaceValues): Record<string, string> {
  const headers: Record<string, string> = {
    accept: 'application/json, text/plain;q=0.9, */*;q=0.5',
    'user-agent': 'kav',
  }
  const { traceparent } = values.call
  if (traceparent !== undefined && TRACEPARENT.test(traceparent)) headers['traceparent'] = traceparent
  for (const [name, text] of Object.entries(settings.headers)) {
    const value = fillPlaces(text, (place) =>
      place.kind === 'call' ? textOf(valueAt(place, values)) : `{${place.name}}`,
    )
    // A header is one line of Latin-1; a value of the call may be anything.
    headers[name.toLowerCase()] = value.replaceAll(/[^\x20-\x7e\xa0-\xff]/g, '')
  }
  if (settings.auth !== undefined) headers['authorization'] = authorization(settings.auth)
  return headers
}

function authorization(auth: HttpAuth): string {
  if (auth.type === 'bearer') return `Bearer ${auth.token}`
  return `Basic ${Buffer.from(`${auth.user}:${auth.password}`).toString('base64')}`
}

/** What the model reads of an answer. The status alone says whether the service did what it was asked. */
function tell(answer: BoundedAnswer, settings: HttpToolSettings): string {
  const { status, contentType } = answer
  const text = answer.text.trim()
  const readable = READABLE.test(contentType)
  if (status >= 300) {
    const said =
      !readable || contentType.includes('html') || text === '' ? '' : `: ${text.slice(0, MAX_ERROR_TEXT)}`
    throw new ToolFailure(`the service answered ${status}${said}`)
  }
  const missing = whyMissing(answer, settings)
  if (!readable) return `Done (${status}); the answer is not text.`
  if (text === '') return missing === '' ? `Done (${status}, no content).` : `Done (${status}); ${missing}.`
  if (settings.pick.length > 0) return pick(text, answer, settings)
  return missing === '' ? text : `${text}\n[cut: ${missing}]`
}

function whyMissing({ cut, brokeOff }: BoundedAnswer, { maxResponseBytes }: HttpToolSettings): string {
  if (cut) return `the answer is longer than ${maxResponseBytes} bytes`
  return brokeOff === undefined ? '' : `the answer broke off (${brokeOff})`
}

function pick(text: string, answer: BoundedAnswer, settings: HttpToolSettings): string {
  const done = (but: string): string => `Done (${answer.status}), but ${but}.`
  const missing = whyMissing(answer, settings)
  if (missing !== '') return done(`${missing}, so that nothing can be picked from it`)
  const value = parseJson(text)
  if (value === undefined) return BRIEF.test(text) ? text : done('the answer is not JSON')
  const picked = pickFields(value, settings.pick)
  if (Object.keys(picked).length > 0) return JSON.stringify(picked)
  return done(`the answer has none of ${settings.pick.join(', ')}`)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
