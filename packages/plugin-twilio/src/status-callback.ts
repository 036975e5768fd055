import type { HttpRequest, HttpResponse, Logger, PluginContext } from '@kav/core'
import type { FormFields } from './form-fields.ts'
import type { ReplayGuard } from './replay-guard.ts'
import type { SignatureGate } from './signature-gate.ts'
import { refusedAnswer } from './webhook.ts'

const EVENTS: ReadonlySet<string> = new Set(['stream-started', 'stream-stopped', 'stream-error'])

/**
 * Takes what Twilio says about the streams from its own side; the only place where a program hears of a stream error.
 * Source: twilio.com/docs/voice/twiml/stream#statuscallback.
 */
export function createStatusCallback(
  parts: { readonly gate: SignatureGate; readonly replays: ReplayGuard; readonly log: Logger },
  { metrics }: PluginContext,
): (request: HttpRequest) => Promise<HttpResponse> {
  const { gate, replays, log } = parts

  async function take(fields: FormFields): Promise<HttpResponse> {
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
    return replays.once('status', verdict.proof, () => take(verdict.fields))
  }
}
