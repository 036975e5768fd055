import { Redactor } from '../kit/secrets/index.ts'
import { bodyPlaces, fillBody, restOf } from './body-template.ts'
import { compileArguments } from './argument-check.ts'
import { runHttpExchange, SAFE } from './http-exchange.ts'
import { secretsSent } from './http-secrets.ts'
import { quoteLongNumbers, unescapeLetters } from '../kit/json-as-written.ts'
import { fillPlaces, type PlaceValues, textOf, valueAt } from './place-text.ts'
import type { RunnableTool } from './runnable-tool.ts'
import { tellAnswer } from './tell-answer.ts'
import type { HttpAuth, HttpToolSettings } from './tool-settings.ts'
import { parseUrlTemplate } from './url-template.ts'

const WITH_BODY: ReadonlySet<string> = new Set(['POST', 'PUT', 'PATCH'])
/** Of a call that is traced, or that came with a trace: W3C Trace Context. */
const TRACEPARENT = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/

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
  const redactor = new Redactor()
  for (const secret of secretsSent(settings)) redactor.add(secret)

  /** Taking something out of JSON writes all of it anew, its numbers too. */
  function withoutSecrets(answer: string): string {
    const text = unescapeLetters(answer)
    return redactor.clean(text) === text ? text : redactor.clean(quoteLongNumbers(text))
  }

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
      return { content: tellAnswer({ ...answer, text: withoutSecrets(answer.text) }, settings) }
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
