import { createHmac } from 'node:crypto'

export const SIGNATURE_HEADER = 'kav-signature'

/**
 * `t=1796000000,v1=<hex>`: HMAC-SHA256 of `<t>.<body>` with the secret, both as UTF-8. Who checks it refuses a `t` that
 * is minutes old, and an `id` that he has seen: then nobody can send it again.
 */
export function signatureOf(secret: string, wallMs: number, body: string): string {
  const seconds = Math.floor(wallMs / 1000)
  const hex = createHmac('sha256', secret).update(`${seconds}.${body}`, 'utf8').digest('hex')
  return `t=${seconds},v1=${hex}`
}
