import {
  asProviderError,
  isProviderError,
  type PluginContext,
  ProviderError,
  type ProviderErrorClass,
} from '@kav/core'
import { textUpTo } from '@kav/core/kit'
import { basicAuthorization, type RestCredentials } from '../params/credentials.ts'
import { dialTwiml, type DialTarget } from '../webhook/twiml.ts'
import { publicUrlOf } from '../signing/public-url.ts'

/** What can be done to a live call from outside its stream. */
export interface CallControl {
  /** Ends the call. Resolves also when it was over already. */
  complete(callSid: string): Promise<void>
  /** Replaces what the call does by dialling `target`; its media stream ends. */
  redirect(callSid: string, target: DialTarget): Promise<void>
  /** Has somebody called. Resolves with the CallSid. It is asked once: a second order would be a second call. */
  create(form: Readonly<Record<string, string>>): Promise<string>
  /** Cancels what is under way. */
  close(): void
}

export interface RestClientOptions {
  readonly credentials: RestCredentials
  readonly baseUrl: string
  readonly timeoutMs: number
  readonly context: PluginContext
}

/** A call as the API tells it has some two thousand. */
const MAX_ANSWER_BYTES = 65_536

interface RestAnswer {
  readonly ok: boolean
  readonly status: number
  readonly text: string
}

type Action = 'complete' | 'redirect' | 'create'

/**
 * The REST requests Kav needs: updating a call, and placing one.
 * Source: twilio.com/docs/voice/api/call-resource, #update-a-call-resource and #create-a-call-resource.
 */
export function createRestClient(options: RestClientOptions): CallControl {
  const { context, credentials, timeoutMs } = options
  const account = publicUrlOf(
    options.baseUrl,
    `/2010-04-01/Accounts/${encodeURIComponent(credentials.accountSid)}`,
    false,
  )
  const authorization = basicAuthorization(credentials)
  const underWay = new Set<AbortController>()

  const post = async (path: string, form: Readonly<Record<string, string>>): Promise<RestAnswer> => {
    const abort = new AbortController()
    underWay.add(abort)
    const cancelTimeout = context.clock.after(timeoutMs, () => abort.abort(new TimedOut()))
    try {
      const response = await fetch(`${account}/${path}.json`, {
        method: 'POST',
        // One request per call at most: a kept connection would only be one more thing to close.
        headers: { authorization, accept: 'application/json', connection: 'close' },
        body: new URLSearchParams(form),
        signal: abort.signal,
        redirect: 'error',
      })
      // Read here, so that the deadline covers the body too.
      const { ok, status, body } = response
      return { ok, status, text: await textUpTo(body, MAX_ANSWER_BYTES) }
    } finally {
      cancelTimeout()
      underWay.delete(abort)
    }
  }

  const ask = async (action: Action, send: () => Promise<RestAnswer>): Promise<RestAnswer> => {
    const startedMs = context.clock.nowMs()
    try {
      const response = await send()
      accept(response, action, credentials)
      context.metrics.count('twilio_rest_requests_total', 1, { action, outcome: 'ok' })
      return response
    } catch (thrown) {
      const error = asRestError(thrown, action, timeoutMs)
      context.metrics.count('twilio_rest_requests_total', 1, { action, outcome: error.class })
      throw error
    } finally {
      context.metrics.observe('twilio_rest_ms', context.clock.nowMs() - startedMs, { action })
    }
  }

  const update = async (action: Action, callSid: string, form: Record<string, string>): Promise<void> => {
    await ask(action, () => postTwice(() => post(`Calls/${encodeURIComponent(callSid)}`, form)))
  }

  return {
    async create(form) {
      const { text } = await ask('create', () => post('Calls', form))
      const { sid } = fieldsIn(text)
      if (typeof sid === 'string') return sid
      throw new ProviderError('bad-data', 'Twilio took the call and did not say its sid')
    },
    complete: (callSid) => update('complete', callSid, { Status: 'completed' }),
    redirect: (callSid, target) => update('redirect', callSid, { Twiml: dialTwiml(target) }),
    close() {
      for (const abort of underWay) abort.abort(new Cancelled())
    },
  }
}

class TimedOut extends Error {}
class Cancelled extends Error {}

/** A request that found no answer at all is sent once more; a slow or bad answer is not. */
async function postTwice(post: () => Promise<RestAnswer>): Promise<RestAnswer> {
  try {
    return await post()
  } catch (thrown) {
    if (thrown instanceof TypeError) return post()
    throw thrown
  }
}

/** Returns for an answer that means "done"; throws a `ProviderError` for any other. */
function accept(response: RestAnswer, action: Action, by: RestCredentials): void {
  if (response.ok) return
  // The call ended by itself before we asked: just what was wanted.
  if (response.status === 404 && action === 'complete') return
  const { code, message } = twilioProblem(response)
  const about = `Twilio refused to ${PURPOSE[action]}: HTTP ${response.status}${code === undefined ? '' : `, error ${code}`}${message === undefined ? '' : `: ${message}`}`
  const advice = adviceFor(response.status, by)
  throw new ProviderError(classOf(response.status), advice === undefined ? about : `${about}. ${advice}`, {
    details: { action, status: response.status, ...(code === undefined ? {} : { twilioCode: code }) },
  })
}

const PURPOSE: Readonly<Record<Action, string>> = {
  complete: 'hang up',
  redirect: 'transfer the call',
  create: 'place the call',
}

function adviceFor(status: number, { userParam, passwordParam }: RestCredentials): string | undefined {
  if (status === 401) return `Check ${userParam} and ${passwordParam}`
  if (status === 403)
    return `Check that the ${userParam === 'api_key_sid' ? 'API key' : 'account'} may do this`
  if (status === 404) return 'The call is over, or belongs to another account than account_sid'
  return undefined
}

function classOf(status: number): ProviderErrorClass {
  if (status === 401 || status === 403) return 'auth'
  if (status === 429) return 'quota'
  return status >= 500 ? 'network' : 'bad-request'
}

function twilioProblem({ text }: RestAnswer): { code?: number; message?: string } {
  const { code, message } = fieldsIn(text)
  return {
    ...(typeof code === 'number' ? { code } : {}),
    ...(typeof message === 'string' ? { message: message.slice(0, 200) } : {}),
  }
}

/** None where the answer is no JSON: a proxy's page, or one that was cut. */
function fieldsIn(text: string): Readonly<Record<string, unknown>> {
  try {
    return (JSON.parse(text) ?? {}) as Readonly<Record<string, unknown>>
  } catch {
    return {}
  }
}

function asRestError(thrown: unknown, action: Action, timeoutMs: number): ProviderError {
  if (isProviderError(thrown)) return thrown
  const doing = `Asking Twilio to ${PURPOSE[action]}`
  if (thrown instanceof TimedOut) {
    return new ProviderError('timeout', `${doing}: no answer within ${timeoutMs} ms`, { details: { action } })
  }
  if (thrown instanceof Cancelled) {
    return new ProviderError('cancelled', `${doing}: the transport is closing`, { details: { action } })
  }
  const told = asProviderError(thrown, doing)
  if (told.code === 'KAV_PLUGIN_BUG') return told
  const cause = thrown instanceof Error && thrown.cause instanceof Error ? thrown.cause : thrown
  const code = (cause as NodeJS.ErrnoException | undefined)?.code
  return new ProviderError(
    'network',
    `${doing}: cannot reach the REST API${code === undefined ? '' : ` (${code})`}. Check api_base_url and the network`,
    {
      details: { action },
      cause: thrown,
    },
  )
}
