import type { LlmToolCall } from '@kav/core'
import { fieldsOf } from '../foreign-fields.ts'
import type { ToolCallDelta } from './chat-chunk.ts'

/** Puts tool calls together from the pieces they are streamed in. */
export interface ToolCallAssembly {
  add(delta: ToolCallDelta): void
  readonly size: number
  /** The calls in the order they began, that have a name and whole arguments and were not taken before. */
  take(): LlmToolCall[]
  /** There are calls that are not whole. */
  readonly cut: boolean
}

interface Call {
  readonly index: number
  id: string
  name: string
  arguments: string
  call: Record<string, unknown>
  function: Record<string, unknown>
  taken: boolean
}

/**
 * OpenAI numbers the calls of one answer by `index` and streams each one's arguments in pieces. Compatible servers
 * send calls whole, with arguments as an object, without an index or all with index 0, leave ids out, give all calls the
 * same one or each piece a new one, and send a call again once it is whole. A new call is a new index, or a name
 * behind a call that is whole.
 */
export function createToolCallAssembly(): ToolCallAssembly {
  const calls: Call[] = []

  return {
    add(delta) {
      const index = delta.index ?? calls.at(-1)?.index ?? 0
      const last = calls.findLast((call) => call.index === index)
      const piece = pieceOf(delta)
      if (last && isRepeated(last, piece)) return
      const call = last && !isNew(last, piece, delta.index) ? last : begin(index)
      call.id ||= piece.id
      call.name ||= piece.name
      call.arguments += piece.arguments
      Object.assign(call.call, opaqueOf(delta, ['index', 'id', 'type', 'function']))
      Object.assign(call.function, opaqueOf(delta.function, ['name', 'arguments']))
    },
    get size() {
      return calls.length
    },
    take() {
      const ids = new Set<string>()
      return calls.flatMap((call) => {
        // Results find their call by its id.
        if (call.id === '' || ids.has(call.id)) call.id = newCallId()
        ids.add(call.id)
        if (call.taken || !isWhole(call)) return []
        call.taken = true
        const { id, name } = call
        return [{ id, name, arguments: call.arguments || '{}', ...opaqueParts(call) }]
      })
    },
    get cut() {
      return calls.some((call) => !call.taken && !isWhole(call))
    },
  }

  function begin(index: number): Call {
    const call = { index, id: '', name: '', arguments: '', call: {}, function: {}, taken: false }
    calls.push(call)
    return call
  }
}

interface Piece {
  readonly id: string
  readonly name: string
  readonly arguments: string
}

function pieceOf({ id, function: called }: ToolCallDelta): Piece {
  const args = called?.arguments ?? ''
  return {
    id: id === undefined || id === null ? '' : String(id),
    name: called?.name ?? '',
    arguments: typeof args === 'string' ? args : JSON.stringify(args),
  }
}

/** The whole call once more, behind its pieces. */
function isRepeated(last: Call, piece: Piece): boolean {
  const isSameCall = piece.id !== '' && piece.id === last.id
  return (
    isSameCall && isJson(last.arguments) && (piece.arguments === last.arguments || piece.arguments === '')
  )
}

function isNew(last: Call, piece: Piece, index: number | null | undefined): boolean {
  if (piece.name === '') return false
  if (last.name === '') return false
  if (isJson(last.arguments)) return true
  if (last.arguments !== '') return false
  // Nothing but a name so far: a tool without arguments, or one whose arguments come with the name again.
  if (piece.name !== last.name) return true
  return piece.id !== last.id && (index === undefined || index === null || isJson(piece.arguments))
}

function isWhole({ name, arguments: args }: Call): boolean {
  return name !== '' && (args.trim() === '' || isJson(args))
}

function isJson(text: string): boolean {
  // Cheaper than to try: most pieces are none.
  if (!/[}\]"el\d]\s*$/.test(text)) return false
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

function opaqueOf(sent: unknown, known: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fieldsOf(sent)).filter(
      ([name, value]) => !known.includes(name) && value !== null && value !== undefined,
    ),
  )
}

/** Signatures and the like, in the places they came in. */
function opaqueParts({ call, function: called }: Call): Pick<LlmToolCall, 'opaque'> {
  const parts = [['call', call] as const, ['function', called] as const].filter(
    ([, fields]) => Object.keys(fields).length > 0,
  )
  return parts.length > 0 ? { opaque: Object.fromEntries(parts) } : {}
}

/** Nine letters and digits: Mistral's servers take no other id. */
function newCallId(): string {
  return Array.from({ length: 9 }, () => Math.floor(Math.random() * 36).toString(36)).join('')
}
