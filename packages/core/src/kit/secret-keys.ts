const SECRET_WORD = /passw|passphrase|secret|credential|(^|_)pwd(_|$)/
const SECRET_NAME = /(^|_)(api_?)?(keys?|token|auth|authorization|bearer|cookie|signature)_?\d*$/
const SECRET_LIST = /(^|_)(api|access|auth|bearer|refresh|session)_tokens$/

/** Whether values under a key of this name are never shown. */
export function isSecretKey(key: string): boolean {
  const name = key
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/[-.\s]/g, '_')
    .toLowerCase()
  return SECRET_WORD.test(name) || SECRET_NAME.test(name) || SECRET_LIST.test(name)
}

/** The text without the values that stand under secret keys of the params, at any depth. */
export function hideSecrets(text: string, params: unknown, isSecret = false): string {
  if (typeof params === 'string') {
    return isSecret && params.length >= 4 ? replaceSecret(text, params, '(hidden)') : text
  }
  if (typeof params !== 'object' || params === null) return text
  return Object.entries(params).reduce(
    (hidden, [key, value]) => hideSecrets(hidden, value, isSecret || isSecretKey(key)),
    text,
  )
}

/** Replaces a secret wherever it stands, as it is or as JSON writes it (a key file has line ends). */
export function replaceSecret(text: string, secret: string, shown: string): string {
  const escaped = JSON.stringify(secret).slice(1, -1)
  return text
    .replaceAll(`"${secret}"`, () => shown)
    .replaceAll(secret, () => shown)
    .replaceAll(escaped, () => shown)
}
