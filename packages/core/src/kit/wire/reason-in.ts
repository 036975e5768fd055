/** Where services write the reason of a refusal, in the order of how much it says. */
const REASON_FIELDS = ['message', 'err_msg', 'error_description', 'msg', 'detail', 'description', 'reason', 'title']
/** And what it stands in. */
const WRAPPERS = ['error', 'errors', 'detail', 'fault', 'status', 'data']
/** No reason stands deeper. */
const MAX_DEPTH = 4

/**
 * The reason in the body of a refusal, whatever its shape: `{"error": {"message": …}}`, `{"err_msg": …}`,
 * `{"detail": [{"msg": …}]}`, a plain text, the title of a page of HTML. Empty: it gives none.
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
    if (typeof reason === 'string' && reason.trim() !== '') return reason.trim()
  }
  return ''
}
