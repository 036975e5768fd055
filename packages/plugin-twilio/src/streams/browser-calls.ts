import { randomBytes } from 'node:crypto'
import type { BrowserCalls, PluginContext } from '@kav/core'
import type { MediaUpgrade } from './media-upgrade.ts'
import type { TwilioSettings } from '../params/params.ts'
import type { PromisedCalls } from '../webhook/promised-calls.ts'
import type { StreamTokens } from '../webhook/stream-token.ts'

/** What the transport has once it is attached. */
export interface BrowserCallParts {
  readonly settings: TwilioSettings
  readonly context: PluginContext
  readonly tokens: StreamTokens
  readonly promised: PromisedCalls
  /** How long a place is kept. */
  readonly placeMs: number
  /** Of streams that bear no signature. */
  readonly upgrade: MediaUpgrade
}

/** The console's phone in the carrier's place: what the webhook does for Twilio, behind the operator's token. */
export function createBrowserCalls({
  settings,
  context,
  tokens,
  promised,
  placeMs,
  upgrade,
}: BrowserCallParts): BrowserCalls {
  return {
    async offer({ from, to }, admit) {
      const id = `CA${randomBytes(16).toString('hex')}`
      const place = await admit({ id, from, to }, placeMs)
      if ('refused' in place) return place
      promised.add(id, place)
      context.metrics.count('twilio_browser_calls_offered_total')
      context.log.info({ call: id, private: { from, to } }, 'TWILIO: call offered to a browser')
      const parameters = {
        ...settings.stream_parameters,
        ...place.values,
        ...(from !== undefined && { from }),
        ...(to !== undefined && { to }),
        direction: 'inbound',
        token: tokens.mint(id, place.ticket),
      }
      return { id, parameters }
    },
    receive: upgrade,
  }
}
