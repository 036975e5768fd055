import type { InsteadOfCall } from '@kav/core'
import { MAX_VARIABLE_CHARS } from '@kav/core/host'
import { didYouMean } from '@kav/core/kit'

/** What `before_call` said of a call, as far as it can be used. */
export interface HookAnswer {
  readonly values: Readonly<Record<string, string>>
  /** Name of the pipeline that is to take it. */
  readonly pipeline?: string
  /** It is not to be taken. */
  readonly instead?: InsteadOfCall
  /** Nobody said so: it is what `on_error` says. */
  readonly failed?: true
  /** What was left out, each with its place and what to do. Never repeats a value. */
  readonly faults: readonly string[]
}

/** Names and values: so many come back with the stream, whichever process it comes to, for whichever carrier. */
export const MAX_VALUES_BYTES = 6144
const MAX_SAY_CHARS = 500
const KEYS = ['values', 'pipeline', 'refuse', 'say', 'forward']
const FORWARD = /^(\+[1-9][0-9]{1,14}|sips?:[^\s@<>"']+@[^\s@<>"']+)$/

/** `names`: the values that the pipeline file lets it give; `pipelines`: those that the call may go to. Never throws. */
export function readHookAnswer(
  text: string,
  { names, pipelines }: { readonly names: readonly string[]; readonly pipelines: readonly string[] },
): HookAnswer {
  const faults: string[] = []
  const answer = parse(text.trim(), faults)
  for (const key of Object.keys(answer))
    if (!KEYS.includes(key)) faults.push(`${quote(key)}: unknown; ${hint(key, KEYS)}`)
  const { pipeline } = answer
  const known = typeof pipeline === 'string' && pipelines.includes(pipeline)
  if (pipeline !== undefined && !known)
    faults.push(
      `pipeline: ${typeof pipeline === 'string' ? `no pipeline ${quote(pipeline)} shares this transport` : 'not a text'}; one of ${pipelines.join(', ')}`,
    )
  const instead = readRefusal(answer, faults)
  return {
    values: readValues(answer['values'], names, faults),
    ...(known && { pipeline }),
    ...(instead && { instead }),
    faults,
  }
}

type Fields = Readonly<Record<string, unknown>>

function parse(text: string, faults: string[]): Fields {
  if (text === '') return {}
  try {
    const value: unknown = JSON.parse(text)
    if (isMap(value)) return value
    faults.push('the answer: not a map; answer {"values": {…}}')
  } catch {
    faults.push('the answer: not JSON; answer {"values": {…}} or nothing')
  }
  return {}
}

function readValues(values: unknown, names: readonly string[], faults: string[]): Record<string, string> {
  const kept: Record<string, string> = {}
  if (values === undefined || values === null) return kept
  if (!isMap(values)) {
    faults.push('values: not a map; write {"name": "text"}')
    return kept
  }
  let bytes = 0
  for (const [name, value] of Object.entries(values)) {
    const at = `values.${name.slice(0, 64)}`
    if (value === null) continue
    if (!names.includes(name)) faults.push(`${at}: not among hooks.before_call.values; ${hint(name, names)}`)
    else if (typeof value !== 'string') faults.push(`${at}: not a text; put it in quotes`)
    else if (value.length > MAX_VARIABLE_CHARS)
      faults.push(`${at}: more than ${MAX_VARIABLE_CHARS} characters; shorten it`)
    else if (bytes + bytesOf(name, value) > MAX_VALUES_BYTES)
      faults.push(`${at}: all together are more than ${MAX_VALUES_BYTES} bytes; shorten them`)
    else {
      bytes += bytesOf(name, value)
      kept[name] = value
    }
    if (faults.length > 20) break
  }
  return kept
}

const bytesOf = (name: string, value: string): number => Buffer.byteLength(name) + Buffer.byteLength(value)

function readRefusal({ refuse, say, forward }: Fields, faults: string[]): InsteadOfCall | undefined {
  if (refuse !== true) {
    if (refuse !== undefined && refuse !== false && refuse !== null)
      faults.push('refuse: neither true nor false; write {"refuse": true}')
    else if (say !== undefined || forward !== undefined)
      faults.push('say, forward: only with "refuse": true; add it')
    return undefined
  }
  if (typeof forward === 'string' && FORWARD.test(forward)) return { how: 'forward', to: forward }
  if (forward !== undefined && forward !== null)
    faults.push('forward: no number; write "+15551234567" or "sip:name@host"')
  if (typeof say === 'string' && say.trim() !== '' && say.length <= MAX_SAY_CHARS)
    return { how: 'refuse', say }
  if (say !== undefined && say !== null)
    faults.push(`say: not a text of up to ${MAX_SAY_CHARS} characters; write what the caller is to hear`)
  return { how: 'refuse' }
}

function hint(name: string, known: readonly string[]): string {
  const meant = didYouMean(name, known)
  if (meant !== undefined) return `did you mean ${quote(meant)}?`
  return known.length === 0 ? 'list it there' : `known are ${known.join(', ')}`
}

const quote = (text: string): string => JSON.stringify(text.slice(0, 64))

function isMap(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
