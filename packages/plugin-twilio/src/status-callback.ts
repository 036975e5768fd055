import type { HttpRequest, HttpResponse, PluginContext } from '@kav/core'
import { parseForm } from './signature.ts'
import type { SignatureGate } from './signature-gate.ts'
import { SIGNATURE_REFUSED } from './webhook.ts'

const EVENTS: ReadonlySet<string> = new Set(['stream-started', 'stream-stopped', 'stream-error'])

/**
 * Takes what Twilio says about the streams from its own side; the only place where a program hears of a stream error.
 * Source: twilio.com/docs/voice/twiml/stream#statuscallback.
 */
export function createStatusCallback(
  gate: SignatureGate,
  context: PluginContext,
): (request: HttpRequest) => Promise<HttpResponse> {
  return async (request) => {
    const fields = parseForm(request.body)
    if (!gate({ at: 'status', url: request.url, headers: request.headers, fields, body: request.body })) {
      return SIGNATURE_REFUSED
    }
    const given = fields.get('StreamEvent')?.[0] ?? ''
    const event = EVENTS.has(given) ? given : 'other'
    context.metrics.count('twilio_stream_events_total', 1, { event })
    if (event === 'stream-error') {
      context.log.error(
        {
          callSid: fields.get('CallSid')?.[0],
          streamSid: fields.get('StreamSid')?.[0],
          streamError: fields.get('StreamError')?.[0]?.slice(0, 500),
        },
        'TWILIO: stream error reported',
      )
    }
    return { status: 204 }
  }
}
