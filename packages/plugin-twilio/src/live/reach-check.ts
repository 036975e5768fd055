import type { LiveFinding, PluginContext } from '@kav/core'
import { finding } from '@kav/core/kit'
import { settingsOf, type TwilioParams } from '../params/params.ts'
import { publicUrlOf } from '../signing/public-url.ts'
import { isLoopback } from './knock.ts'
import { knockAtStream } from './knock-at-stream.ts'
import { knockAtWebhook } from './knock-at-webhook.ts'

/**
 * Comes in by `public_url` as Twilio would, without placing a call: a signed webhook that names no call, which Kav
 * answers 400, and a signed upgrade that is closed again without a start.
 */
export async function reachCheck(
  params: TwilioParams,
  { clock }: Pick<PluginContext, 'clock'>,
): Promise<readonly LiveFinding[]> {
  const { public_url: publicUrl, auth_token: authToken, ...settings } = settingsOf(params)
  // What is missing is a finding of the live check.
  if (publicUrl === undefined) return []
  const knock = { authToken, clock }
  const url = publicUrlOf(publicUrl, settings.voice_path, false)
  const scheme = /^https:/.test(url) || isLoopback(url) ? [] : [PLAIN]
  const webhook = await knockAtWebhook(url, knock)
  if (webhook.level !== 'ok') return [...scheme, webhook]
  const stream = await knockAtStream(publicUrlOf(publicUrl, settings.media_path, true), knock)
  return [...scheme, webhook, stream]
}

const PLAIN = finding.error(
  'public_url is http: Twilio opens streams by wss alone',
  'Put a proxy with a certificate in front, and write https:// in public_url.',
)
