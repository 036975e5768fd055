import { isSecretKey } from './secret-keys.ts'
import { looksSecret, secretParts } from './secret-shapes.ts'

export interface FoundSecrets {
  /** Texts under secret keys, at any depth; parts of others that look like secrets; keys that do. */
  readonly texts: readonly string[]
  /** Paths of files under secret keys, as written: `credentials: ./key.json`. What is in them is secret, they are not. */
  readonly files: readonly string[]
}

/** A place in a configuration, by the names that lead there; `*` stands for any. */
export type PlacePattern = readonly string[]

/** Places whose names say nothing of what stands there. */
export interface OpenPlaces {
  /** Nor does any name below: a property of a JSON Schema that is called `token` is described there, not given. */
  readonly schemas: readonly PlacePattern[]
  /** Fields whose own name only reads like that of a secret. */
  readonly fields: readonly PlacePattern[]
}

const NOWHERE: OpenPlaces = { schemas: [], fields: [] }

/** What must not be shown of a configuration. What looks like a secret is one wherever it stands. */
export function secretsOf(value: unknown, open: OpenPlaces = NOWHERE): FoundSecrets {
  const found = { texts: [] as string[], files: [] as string[] }
  collect(value, { isSecret: false, open }, found)
  return found
}

/** Of the value that is looked at: `open` as seen from there; `undefined` within a schema. */
interface Standing {
  readonly isSecret: boolean
  readonly open: OpenPlaces | undefined
}

function collect(
  value: unknown,
  { isSecret, open }: Standing,
  found: { texts: string[]; files: string[] },
): void {
  if (typeof value === 'string') {
    if (isSecret && isFilePath(value)) found.files.push(value)
    else found.texts.push(...(isSecret ? [value] : secretParts(value)))
    return
  }
  if (typeof value !== 'object' || value === null) return
  for (const [key, item] of Object.entries(value)) {
    if (isPastedKey(key)) found.texts.push(key)
    const below = open && behind(open, key)
    const isOpen = below === undefined || below.isField || Array.isArray(value)
    if (!isOpen && typeof item === 'string' && isFileOfSecret(key)) {
      found.files.push(item)
      // A password itself, perhaps, by mistake.
      if (!/[/\\]/.test(item)) found.texts.push(item)
      continue
    }
    collect(
      item,
      below?.isSchema
        ? { isSecret: false, open: undefined }
        : { isSecret: isSecret || (!isOpen && isSecretKey(key)), open: below },
      found,
    )
  }
}

/** `open`, seen from one step further down. */
function behind(open: OpenPlaces, key: string): OpenPlaces & { isSchema: boolean; isField: boolean } {
  const below = (places: readonly PlacePattern[]): readonly PlacePattern[] =>
    places.filter(([first]) => first === '*' || first === key).map((place) => place.slice(1))
  const [schemas, fields] = [below(open.schemas), below(open.fields)]
  const isSchema = schemas.some((place) => place.length === 0)
  const isField = fields.some((place) => place.length === 0)
  return { schemas, fields, isSchema, isField }
}

/** `password_file: secrets/pw`: the name says that a path stands there, whatever it looks like. */
function isFileOfSecret(name: string): boolean {
  return isSecretKey(name) && /[_-](?:file|path)$/i.test(name)
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
