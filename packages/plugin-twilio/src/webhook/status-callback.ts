import type {
  HttpRequest,
  HttpResponse,
  Logger,
  PluginContext,
  TransportHost,
  UnreachedReason,
} from '@kav/core'
import { isCallSid } from './call-sid.ts'
import { pipelineIn } from './call-values.ts'
import type { FormFields } from '../signing/form-fields.ts'
import type { ReplayGuard } from '../signing/replay-guard.ts'
import type { SignatureGate } from '../signing/signature-gate.ts'
import { refusedAnswer } from './webhook.ts'

const MAX_NUMBER_CHARACTERS = 100
const EVENTS: ReadonlySet<string> = new Set(['stream-started', 'stream-stopped', 'stream-error'])

/** `CallStatus` of a call that nobody answered; `completed` is one that somebody did. */
const UNREACHED: ReadonlySet<string> = new Set<UnreachedReason>(['busy', 'no-answer', 'failed', 'canceled'])

/**
 * Takes what Twilio says about the streams from its own side; the only place where a program hears of a stream error.
 * And how calls end that were placed: of those that nobody answers it is all that is heard.
 * Sources: twilio.com/docs/voice/twiml/stream#statuscallback, /docs/voice/api/call-resource#statuscallback.
 */
export function createStatusCallback(
  parts: { readonly gate: SignatureGate; readonly replays: ReplayGuard; readonly log: Logger },
  host: Pick<TransportHost, 'onPlacedOver'>,
  { metrics }: PluginContext,
): (request: HttpRequest) => Promise<HttpResponse> {
  const { gate, replays, log } = parts

  function takeEnd(fields: FormFields, pipeline: string): HttpResponse {
    const [id, status = ''] = [fields.get('CallSid')?.[0], fields.get('CallStatus')?.[0]]
    const isOver = status === 'completed' || UNREACHED.has(status)
    metrics.count('twilio_call_ends_total', 1, { status: isOver ? status : 'other' })
    if (!isOver || !isCallSid(id)) return { status: 204 }
    const [from, to] = ['From', 'To'].map((name) => fields.get(name)?.[0]?.slice(0, MAX_NUMBER_CHARACTERS))
    const reason = UNREACHED.has(status) ? (status as UnreachedReason) : undefined
    host.onPlacedOver({ id, pipeline, from, to, reason })
    return { status: 204 }
  }

  async function take(fields: FormFields, url: string): Promise<HttpResponse> {
    const pipeline = pipelineIn(url)
    if (pipeline !== undefined && !fields.has('StreamEvent')) return takeEnd(fields, pipeline)
    const given = fields.get('StreamEvent')?.[0] ?? ''
    const event = EVENTS.has(given) ? given : 'other'
    metrics.count('twilio_stream_events_total', 1, { event })
    if (event === 'stream-error') {
      log.error(
        {
          call: fields.get('CallSid')?.[0]?.slice(0, 64),
          streamSid: fields.get('StreamSid')?.[0]?.slice(0, 64),
          streamError: fields.get('StreamError')?.[0]?.slice(0, 500),
        },
        'TWILIO: stream error reported',
      )
    }
    return { status: 204 }
  }

  return async ({ url, headers, body }) => {
    const verdict = gate({ at: 'status', url, headers, body })
    if ('refused' in verdict) return refusedAnswer(verdict.refused)
    return replays.once('status', verdict.proof, () => take(verdict.fields, url))
  }
}
