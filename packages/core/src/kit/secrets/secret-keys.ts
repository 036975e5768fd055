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
