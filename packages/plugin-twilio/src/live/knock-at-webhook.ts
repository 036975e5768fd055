import type { LiveFinding } from '@kav/core'
import { finding, LIVE_CHECK_MS, textUpTo } from '@kav/core/kit'
import { NO_FIELDS } from '../signing/form-fields.ts'
import { expectedSignature } from '../signing/signature.ts'
import { NO_CALL_SID } from '../webhook/webhook.ts'
import { type Knock, nobodyFinding, signatureFinding, strangerFinding } from './knock.ts'

/** Kav's answers are shorter; what is behind is not read. */
const MAX_ANSWER_BYTES = 4096

/** A form without a CallSid, signed: past the signature it is answered 400, and no call is promised. */
export async function knockAtWebhook(url: string, { authToken, clock }: Knock): Promise<LiveFinding> {
  const abort = new AbortController()
  const cancel = clock.after(LIVE_CHECK_MS, () =>
    abort.abort(Object.assign(new Error(), { code: 'ETIMEDOUT' })),
  )
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        connection: 'close',
        'content-type': 'application/x-www-form-urlencoded',
        ...(authToken !== undefined && {
          'x-twilio-signature': expectedSignature(authToken, url, NO_FIELDS),
        }),
      },
      body: '',
      redirect: 'manual',
      signal: abort.signal,
    })
    const text = await textUpTo(response.body as AsyncIterable<Uint8Array> | null, MAX_ANSWER_BYTES)
    if (response.status === 400 && text.startsWith(NO_CALL_SID))
      return finding.ok(`${url} reaches kav serve, and what is signed there fits`)
    if (response.status === 403 && text.startsWith('X-Twilio-Signature')) return signatureFinding(url)
    return strangerFinding(url, response.status, response.headers)
  } catch (thrown) {
    return nobodyFinding(thrown, url)
  } finally {
    cancel()
  }
}
