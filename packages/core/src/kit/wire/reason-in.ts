/** Where services write the reason of a refusal, in the order of how much it says. */
const REASON_FIELDS = [
  'message',
  'err_msg',
  'error_description',
  'msg',
  'detail',
  'description',
  'reason',
  'title',
]
/** A word for the reason, beside it. */
const CODE_FIELDS = ['code', 'err_code', 'error_code', 'status', 'type']
/** And what it stands in. */
const WRAPPERS = ['error', 'errors', 'detail', 'fault', 'status', 'data']
/** No reason stands deeper. */
const MAX_DEPTH = 4

/**
 * The reason in the body of a refusal, whatever its shape: `{"error": {"message": …}}`, `{"err_msg": …}`,
 * `{"detail": [{"msg": …}]}`, a plain text, the title of a page of HTML. A word for it goes in front: `quota_exceeded: …`.
 * Empty: it gives none.
 */
export function reasonIn(body: string): string {
  const text = body.trim()
  if (/^</.test(text)) return /<title(?:\s[^<>]{0,100})?>([^<]{1,200})/i.exec(text)?.[1]?.trim() ?? ''
  try {
    return reasonOf(JSON.parse(text), 0)
  } catch {
    return text.slice(0, 500)
  }
}

function reasonOf(value: unknown, depth: number): string {
  if (typeof value === 'string') return value.trim()
  if (depth > MAX_DEPTH || typeof value !== 'object' || value === null) return ''
  if (Array.isArray(value)) return reasonOf(value[0], depth + 1)
  const fields = value as Readonly<Record<string, unknown>>
  for (const name of WRAPPERS) {
    // What is inside is nearer to the cause.
    const inner = fields[name]
    const reason = typeof inner === 'object' ? reasonOf(inner, depth + 1) : ''
    if (reason !== '') return reason
  }
  for (const name of [...REASON_FIELDS, 'error']) {
    const reason = fields[name]
    if (typeof reason === 'string' && reason.trim() !== '') return codeBefore(reason.trim(), fields)
  }
  return ''
}

function codeBefore(reason: string, fields: Readonly<Record<string, unknown>>): string {
  const code = CODE_FIELDS.map((name) => fields[name]).find((value) => typeof value === 'string')
  return code === undefined || !/^[\w.-]{3,40}$/.test(code) || reason.includes(code)
    ? reason
    : `${code}: ${reason}`
}
