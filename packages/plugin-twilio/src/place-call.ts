import { type OutboundCall, ProviderError } from '@kav/core'
import { PIPELINE_IN_QUERY } from './call-values.ts'
import type { TwilioSettings } from './params.ts'
import { publicUrlOf } from './public-url.ts'
import type { CallControl } from './rest-client.ts'
import { parseDialTarget } from './twiml.ts'

/**
 * Has Twilio call somebody and then ask our voice webhook, as for a call that comes in: the values stand in its query.
 * Source: twilio.com/docs/voice/api/call-resource#create-a-call-resource.
 */
export async function placeCall(
  { pipeline, to, from, values }: OutboundCall,
  control: CallControl,
  settings: Pick<TwilioSettings, 'voice_path'> & { readonly public_url: string },
): Promise<{ readonly id: string }> {
  const target = parseDialTarget(to)
  if (target === undefined)
    throw new ProviderError('bad-request', 'Twilio calls numbers like +15550100 and SIP addresses')
  const query = new URLSearchParams({ ...values, [PIPELINE_IN_QUERY]: pipeline })
  const url = `${publicUrlOf(settings.public_url, settings.voice_path, false)}?${query.toString()}`
  return { id: await control.create({ To: target.address, From: from, Url: url, Method: 'POST' }) }
}
