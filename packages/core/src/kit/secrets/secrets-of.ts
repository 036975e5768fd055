import { isSecretKey } from './secret-keys.ts'
import { looksSecret, secretParts } from './secret-shapes.ts'

export interface FoundSecrets {
  /** Texts under secret keys, at any depth; parts of others that look like secrets; keys that do. */
  readonly texts: readonly string[]
  /** Paths of files under secret keys, as written: `credentials: ./key.json`. What is in them is secret, they are not. */
  readonly files: readonly string[]
}

/** What must not be shown of a configuration. */
export function secretsOf(value: unknown): FoundSecrets {
  const found = { texts: [] as string[], files: [] as string[] }
  collect(value, false, found)
  return found
}

function collect(value: unknown, isSecret: boolean, found: { texts: string[]; files: string[] }): void {
  if (typeof value === 'string') {
    if (isSecret && isFilePath(value)) found.files.push(value)
    else found.texts.push(...(isSecret ? [value] : secretParts(value)))
    return
  }
  if (typeof value !== 'object' || value === null) return
  for (const [key, item] of Object.entries(value)) {
    if (isPastedKey(key)) found.texts.push(key)
    collect(item, isSecret || (!Array.isArray(value) && isSecretKey(key)), found)
  }
}

/** A key in the place of a field's name: `sk-…`, or a long name with digits all over. */
function isPastedKey(name: string): boolean {
  return looksSecret(name) || /^(?=(?:\D*\d){4})(?=[^a-z]*[a-z])[\w+/=-]{20,}$/i.test(name)
}

/** `./key.json`, `/run/secrets/token`, `C:\keys\key.json`; base64 may begin with a slash, but has no such end. */
function isFilePath(text: string): boolean {
  return (
    /^(?:\.{1,2}|~)[/\\][^\n]{1,400}$/.test(text) ||
    /^(?:[A-Za-z]:)?[\w ./\\-]{1,400}\.(?:json|pem|key|crt|p12|txt|jwt|token)$/.test(text) ||
    /^\/(?:run|etc|var|home|root|opt|srv|tmp|mnt|usr|secrets|app|data)\/[\w ./-]{1,400}$/.test(text)
  )
}
