import type { LlmTool, LlmToolCall } from '@kav/core'
import { newCallId, parseJson } from '@kav/core/kit'
import { fieldsOf } from '../foreign-fields.ts'
import type { ToolCallDelta } from './chat-chunk.ts'
import { isNothing, wholeArguments } from './whole-arguments.ts'

/** Puts tool calls together from the pieces they are streamed in. */
export interface ToolCallAssembly {
  add(delta: ToolCallDelta): void
  readonly size: number
  /**
   * The calls in the order they began, that have a name and were not taken before. `ended`: the server says that they
   * are complete, so that one whose arguments cannot be read was written so, and whoever runs it tells the model.
   */
  take(ended: boolean): LlmToolCall[]
  /** There are calls that are not whole. */
  readonly cut: boolean
}

interface Call {
  readonly index: number
  id: string
  name: string
  readonly pieces: string[]
  call: Record<string, unknown>
  function: Record<string, unknown>
  taken: boolean
}

/**
 * OpenAI numbers the calls of one answer by `index` and streams each one's arguments in pieces. Compatible servers
 * send calls whole, with arguments as an object, without an index or all with index 0, leave ids out, give all calls the
 * same one or each piece a new one, stream names in pieces or repeat them, and send a call again once it is whole.
 * A piece belongs to the call of its id, else of its index; a new call is a new index, or a name behind a call that is
 * whole. What is a name, and what a piece of one, the declared tools tell.
 */
export function createToolCallAssembly(tools: readonly LlmTool[]): ToolCallAssembly {
  const calls: Call[] = []
  const isDeclared = (name: string) => tools.some((tool) => tool.name === name)
  const mayBecome = (name: string) => tools.some((tool) => tool.name.startsWith(name))

  /** The name with what a piece adds to it; `undefined`: it is the name of another call. */
  function joinedName(last: string, piece: string): string | undefined {
    if (piece === '' || piece === last) return last
    if (last === '') return piece
    if (!isDeclared(piece) && mayBecome(last + piece)) return last + piece
    return !isDeclared(last) && piece.startsWith(last) && mayBecome(piece) ? piece : undefined
  }

  return {
    add(delta) {
      const last = lastFor(calls, delta)
      if (last && isRepeated(last, delta)) return
      const name = last && joinedName(last.name, delta.name)
      const goesOn = last && (name === undefined ? goesOnAsAnother(last, delta) : !isNew(last, delta))
      const call = goesOn ? last : begin(delta.index ?? calls.at(-1)?.index ?? 0)
      call.id ||= delta.id
      call.name = (goesOn ? name : delta.name) ?? call.name
      if (delta.arguments !== '') call.pieces.push(delta.arguments)
      Object.assign(call.call, opaqueOf(delta.call, ['index', 'id', 'type', 'function', 'custom']))
      Object.assign(call.function, opaqueOf(delta.function, KNOWN_OF_FUNCTION))
    },
    get size() {
      return calls.length
    },
    take(ended) {
      const ids = new Set<string>()
      return calls.flatMap((call) => {
        // Results find their call by its id.
        if (call.id === '' || ids.has(call.id)) call.id = newCallId()
        ids.add(call.id)
        if (call.taken || call.name === '') return []
        const args = wholeArguments(call.pieces) ?? (ended ? call.pieces.join('') : undefined)
        if (args === undefined) return []
        call.taken = true
        const { id, name } = call
        return [{ id, name, arguments: args, ...opaqueParts(call) }]
      })
    },
    get cut() {
      return calls.some(({ taken, name, pieces }) => !taken && (name === '' || !wholeArguments(pieces)))
    },
  }

  function begin(index: number): Call {
    const call: Call = { index, id: '', name: '', pieces: [], call: {}, function: {}, taken: false }
    calls.push(call)
    return call
  }
}

const KNOWN_OF_FUNCTION = ['name', 'arguments', 'parameters', 'args', 'input']

/** The call that a piece may be of. */
function lastFor(calls: readonly Call[], { id, index, name }: ToolCallDelta): Call | undefined {
  const isAt = (call: Call) => index === undefined || call.index === index
  const named = id === '' ? undefined : calls.findLast((call) => call.id === id && isAt(call))
  const last = named ?? calls.findLast((call) => call.index === (index ?? calls.at(-1)?.index))
  // Some number the pieces.
  return last ?? (id === '' && name === '' ? calls.at(-1) : undefined)
}

/** Whether the piece says itself that it is of this call. */
function isOfCall(last: Call, { id, index, name }: ToolCallDelta): boolean {
  if (name === '') return true
  return name === last.name && (id === '' ? index !== undefined : id === last.id)
}

/** The whole call once more, behind its pieces, or nothing more. */
function isRepeated(last: Call, delta: ToolCallDelta): boolean {
  if (!isOfCall(last, delta) || last.pieces.length === 0 || !mayRepeat(last, delta)) return false
  const whole = wholeArguments(last.pieces)
  return (
    whole !== undefined &&
    (delta.arguments === '' ||
      (isNothing(delta.arguments) && !isNothing(whole)) ||
      same(whole, delta.arguments))
  )
}

/** All pieces are read again for few of them only: else each of thousands would cost as much as those before it. */
function mayRepeat({ pieces }: Call, delta: ToolCallDelta): boolean {
  if (isNothing(delta.arguments)) return true
  const first = pieces.find((piece) => !isNothing(piece))
  return beginningOf(first) === beginningOf(delta.arguments) && parseJson(delta.arguments) !== undefined
}

const beginningOf = (text = ''): string => text.trimStart().slice(0, 1)

/** Of a piece with the name of the call before it, or with none. */
function isNew(last: Call, delta: ToolCallDelta): boolean {
  if (delta.name === '' || delta.name !== last.name) return false
  const whole = wholeArguments(last.pieces)
  const isWhole = whole !== undefined && !isNothing(whole)
  if (isOfCall(last, delta)) return isWhole && wholeArguments([delta.arguments]) !== undefined
  if (isWhole) return true
  const isOther = delta.id !== last.id || delta.id === ''
  return delta.index === undefined && isOther
}

/** Of a piece with another name: some change names in the middle of a call. */
function goesOnAsAnother(last: Call, delta: ToolCallDelta): boolean {
  const isBegun = last.pieces.length > 0
  const isOther = delta.id !== '' && delta.id !== last.id
  return isBegun && !isOther && wholeArguments(last.pieces) === undefined
}

function same(one: string, other: string): boolean {
  const read = parseJson(other)
  return read !== undefined && JSON.stringify(parseJson(one)) === JSON.stringify(read)
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
