import { createHmac } from 'node:crypto'

/**
 * `X-Twilio-Signature`: base64 of HMAC-SHA1 over the URL followed by each parameter's name and value, sorted by
 * name (twilio.com/docs/usage/webhooks/webhooks-security). For a WebSocket upgrade there are no parameters.
 */
export function twilioSignature(
  authToken: string,
  url: string,
  parameters: Readonly<Record<string, string>> = {},
): string {
  const hmac = createHmac('sha1', authToken).update(url, 'utf8')
  for (const name of Object.keys(parameters).sort()) hmac.update(name + (parameters[name] ?? ''), 'utf8')
  return hmac.digest('base64')
}
