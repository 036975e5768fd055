/** What copying, shells and files leave in a secret: white space, quotes, characters that nobody sees. */
const LEFTOVERS = /[\s"'`\u2018-\u201f\u200b-\u200d\u2060\ufeff]/g

/** No SID, token or key of Twilio's has any of these in it. */
export function hasLeftovers(secret: string): boolean {
  return bareSecret(secret) !== secret
}

export function bareSecret(secret: string): string {
  return secret.replace(LEFTOVERS, '')
}
