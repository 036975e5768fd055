import { type OutboundCall, ProviderError } from '@kav/core'
import { PIPELINE_IN_QUERY } from '../webhook/call-values.ts'
import type { TwilioSettings } from '../params/params.ts'
import { publicUrlOf } from '../signing/public-url.ts'
import type { CallControl } from './rest-client.ts'
import { parseDialTarget } from '../webhook/twiml.ts'

/**
 * Has Twilio call somebody and then ask our voice webhook, as for a call that comes in: the values stand in its query.
 * Source: twilio.com/docs/voice/api/call-resource#create-a-call-resource.
 */
export async function placeCall(
  { pipeline, to, from, values }: OutboundCall,
  control: CallControl,
  settings: Pick<TwilioSettings, 'voice_path' | 'status_path' | 'ring_timeout_s'> & {
    readonly public_url: string
  },
): Promise<{ readonly id: string }> {
  const target = parseDialTarget(to)
  if (target === undefined)
    throw new ProviderError('bad-request', 'Twilio calls numbers like +15550100 and SIP addresses')
  const query = new URLSearchParams({ ...values, [PIPELINE_IN_QUERY]: pipeline })
  const addressOf = (path: string, asked: URLSearchParams): string =>
    `${publicUrlOf(settings.public_url, path, false)}?${asked.toString()}`
  const id = await control.create({
    To: target.address,
    From: from,
    Url: addressOf(settings.voice_path, query),
    Method: 'POST',
    Timeout: String(settings.ring_timeout_s),
    // Twilio tells the end of the call alone, where no other events are asked for.
    StatusCallback: addressOf(settings.status_path, new URLSearchParams({ [PIPELINE_IN_QUERY]: pipeline })),
    StatusCallbackMethod: 'POST',
  })
  return { id }
}
