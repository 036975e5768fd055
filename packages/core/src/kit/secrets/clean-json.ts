/** What takes secrets out of a text, and of the name of a field. */
export interface Cleaner {
  readonly text: (text: string) => string
  readonly name: (name: string) => string
}

/**
 * The same JSON without secrets: values are cleaned, never what stands between them, so that it is JSON for whoever
 * reads it. `undefined`: the text is none.
 */
export function cleanJson(json: string, clean: Cleaner): string | undefined {
  if (!/^\s*[[{"]/.test(json)) return undefined
  try {
    const indent = /^[[{]\r?\n(\s+)/.exec(json.trimStart())?.[1]
    const cleaned = JSON.stringify(cleanValue(JSON.parse(json), clean), undefined, indent)
    const start = json.length - json.trimStart().length
    return json.slice(0, start) + cleaned + json.slice(json.trimEnd().length)
  } catch {
    return undefined
  }
}

function cleanValue(value: unknown, clean: Cleaner): unknown {
  if (typeof value === 'string') return clean.text(value)
  if (typeof value === 'number') {
    const text = String(value)
    const shown = clean.text(text)
    return shown === text ? value : shown
  }
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item) => cleanValue(item, clean))
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [clean.name(name), cleanValue(item, clean)]),
  )
}
