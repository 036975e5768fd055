/** Form fields as they came: a repeated field has several values. */
export type FormFields = ReadonlyMap<string, readonly string[]>

export const NO_FIELDS: FormFields = new Map()

/** Twilio sends some thirty; a call with many SIP headers has more. Who sends more than this is not Twilio. */
export const MAX_FIELDS = 256

const AMPERSAND = 0x26

/** Reads an `application/x-www-form-urlencoded` body; `undefined` when it has more than `MAX_FIELDS`. */
export function parseForm(body: Buffer): FormFields | undefined {
  if (!isFew(body)) return undefined
  const fields = new Map<string, string[]>()
  for (const [name, value] of new URLSearchParams(body.toString('utf8'))) {
    const values = fields.get(name)
    if (values === undefined) fields.set(name, [value])
    else values.push(value)
  }
  return fields
}

/** Counts before anything is read: one field costs more than one byte that parts two. */
function isFew(body: Buffer): boolean {
  let fields = 1
  for (let at = body.indexOf(AMPERSAND); at !== -1; at = body.indexOf(AMPERSAND, at + 1)) {
    if (++fields > MAX_FIELDS) return false
  }
  return true
}

/** What Twilio signs of the fields: names and values, sorted by name, values of one field sorted and each once. */
export function signedText(fields: FormFields): string {
  let text = ''
  for (const name of [...fields.keys()].sort()) {
    for (const value of [...new Set(fields.get(name))].sort()) text += name + value
  }
  return text
}
