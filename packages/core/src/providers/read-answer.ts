import type { LlmEvent, LlmTool, LlmToolCall } from '../contracts/llm.ts'
import { ProviderError } from '../contracts/errors.ts'
import { llmEventFault } from '../contracts/field-faults.ts'
import { declaredToolName } from '../kit/declared-tool-name.ts'
import { catchPromised } from '../kit/promised-nothing.ts'
import { iteratorOf, stopSource } from '../kit/timed-iteration.ts'
import {
  createModelText,
  type ModelText,
  type TextPiece,
  type WithheldText,
} from '../language/model-text/index.ts'
import { newCallId } from '../kit/new-call-id.ts'
import { wrappedCalls } from './wrapped-calls.ts'
import {
  type AnswerBeginning,
  type AnswerHabits,
  createAnswerBeginning,
  learn,
  MAX_HELD_CHARS,
} from './answer-beginning.ts'

export interface ReadAnswerParts {
  readonly tools: readonly LlmTool[]
  readonly habits: AnswerHabits
  /** Told once, at the end of an answer that held more than words. */
  readonly onWithheld: (withheld: WithheldText) => void
  /** Told what is no text, before it goes on. */
  readonly onTold: (event: ToldEvent) => void
}

/** What a provider says beside the text of its answer. */
export type ToldEvent = Exclude<LlmEvent, { type: 'text' | 'thought' }>

/** So many events in one turn of the event loop; then the others have theirs. */
const EVENTS_A_TURN = 256
/** Pieces in a row that hold no words: a model that only thinks by then will not answer. */
const MAX_WORDLESS_PIECES = 20_000

/** Gone through at once. */
const PART_CHARS = 16_384

type TextEvent = Extract<LlmEvent, { type: 'text' }>

/**
 * The events of a model's answer, its texts made words: no thought, token of a template or tool call written as text
 * comes through as words. A written call of a declared tool becomes a `tool-call`, in front of the end, unless the
 * provider told it as well; names of calls are those of declared tools where one is meant. Whatever the end, nothing
 * of the words is lost.
 */
export async function* readAnswer(
  source: AsyncIterable<LlmEvent>,
  { tools, habits, onWithheld, onTold }: ReadAnswerParts,
): AsyncGenerator<LlmEvent, void> {
  const declared = new Set(tools.map(({ name }) => name))
  const meant = (name: string) => declaredToolName(name, (each) => declared.has(each))
  const text = createModelText({
    isDeclared: (name) => meant(name) !== undefined,
    names: [...declared],
    hold: habits.thinksFirst !== false,
  })
  const beginning = createAnswerBeginning(habits)
  const told: LlmToolCall[] = []
  const written: LlmToolCall[] = []

  function* words(pieces: readonly TextPiece[]): Generator<TextEvent> {
    for (const piece of pieces) {
      if (piece.type === 'words') yield { type: 'text', text: piece.text }
      else if (piece.type === 'call') {
        written.push({ id: newCallId(), name: meant(piece.name)!, arguments: piece.arguments })
      }
    }
  }

  /** Cut off, what is held back of a thought is no words; all else is the caller's. */
  function rest(isCut: boolean): readonly TextPiece[] {
    if (!isCut || !text.holds || beginning.is() !== 'thought') return text.end()
    text.endInThought()
    return []
  }

  try {
    for await (const event of released(source, text, beginning)) {
      if (event.type === 'text') {
        yield* words(event.pieces)
        continue
      }
      onTold(event)
      if (event.type === 'tool-call') {
        for (const inner of wrappedCalls(event, meant)) {
          const call = { ...inner, name: meant(inner.name) ?? inner.name }
          if (told.some((other) => isRepeated(call, other))) continue
          told.push(call)
          yield call
        }
      } else if (event.type === 'end') {
        yield* words(rest(event.reason === 'length' || event.reason === 'content-filter'))
        const calls = written.filter((call) => !told.some((other) => isSame(call, other)))
        for (const call of calls) yield { type: 'tool-call', ...call }
        yield calls.length > 0 && event.reason === 'stop' ? { ...event, reason: 'tool-calls' } : event
      } else yield event
    }
    yield* words(rest(true))
  } catch (thrown) {
    yield* words(rest(true))
    throw thrown
  } finally {
    learn(habits, text)
    const { withheld } = text
    const isOdd = Object.values(withheld).some((value) => value !== 0 && value !== false)
    if (isOdd) onWithheld(withheld)
  }
}

type ReadEvent = ToldEvent | { readonly type: 'text'; readonly pieces: readonly TextPiece[] }

/**
 * The events as they come. Of a model of which nothing is known, the first words wait until they do not sound like a
 * thought, and for one turn of the event loop: a whole answer that is there at once has told by then. Whoever reads is never kept
 * from leaving by a model that sends without an end, and without a pause, what comes to nothing.
 */
async function* released(
  source: AsyncIterable<LlmEvent>,
  text: ModelText,
  beginning: AnswerBeginning,
): AsyncGenerator<ReadEvent, void> {
  const iterator = iteratorOf(source, 'llm')
  const unknown: boolean = beginning.is() === 'unknown'
  let turn: Promise<undefined> | undefined
  let done = false
  let heldChars = 0
  let wordless = 0
  try {
    for (let events = 1; ; events++) {
      if (events % EVENTS_A_TURN === 0) await turnOfTheLoop()
      const next = iterator.next()
      // Whoever asked may leave before it is waited for.
      catchPromised(next, () => undefined)
      if (turn && text.holds && beginning.is() !== 'thought') {
        const first = await Promise.race([next, turn])
        // What cannot be told yet is a sign of life: the model has begun to answer.
        if (first === undefined)
          yield { type: 'text', pieces: beginning.is() === 'words' ? text.release() : NOTHING }
      }
      const step = await next
      if (step.done) {
        done = true
        return
      }
      const event = step.value
      const fault = llmEventFault(event)
      if (fault !== undefined) throw new TypeError(fault)
      if (event.type === 'end') {
        // Nothing comes after it.
        done = true
        void stopSource(iterator)
        yield event
        return
      }
      // The server keeps thoughts apart: what comes as text is none.
      if (event.type === 'thought') yield { type: 'text', pieces: text.release() }
      else if (event.type !== 'text') yield event
      else {
        for (const part of inParts(event.text)) {
          if (part !== event.text) await turnOfTheLoop()
          if (text.holds) beginning.add(part)
          let pieces = text.push(part)
          if (unknown && text.holds && beginning.is() !== 'thought') {
            heldChars += part.length
            if (heldChars > MAX_HELD_CHARS) pieces = text.release()
          }
          wordless = pieces.length > 0 ? 0 : wordless + 1
          if (wordless > MAX_WORDLESS_PIECES) {
            throw new ProviderError('bad-data', `llm: ${wordless} pieces without a word`)
          }
          // A reader counts what comes of nothing, too.
          yield { type: 'text', pieces: part === '' ? NOTHING : pieces }
        }
        if (unknown) turn ??= turnOfTheLoop()
      }
    }
  } finally {
    if (!done) void stopSource(iterator)
  }
}

/** A text in one piece may be of any length: it is gone through a part at a time, as far as anybody reads. */
function* inParts(text: string): Generator<string> {
  let at = 0
  while (text.length - at > PART_CHARS) {
    // Not between the halves of one character.
    const splits = /[\uD800-\uDBFF]/.test(text.charAt(at + PART_CHARS - 1))
    const end = at + PART_CHARS + (splits ? 1 : 0)
    yield text.slice(at, end)
    at = end
  }
  if (at === 0) yield text
  else if (at < text.length) yield text.slice(at)
}

const NOTHING: readonly TextPiece[] = [{ type: 'words', text: '' }]

function turnOfTheLoop(): Promise<undefined> {
  return new Promise((resolve) => setImmediate(resolve, undefined))
}

function isSame(one: LlmToolCall, other: LlmToolCall): boolean {
  return one.name === other.name && withoutSpace(one.arguments) === withoutSpace(other.arguments)
}

/** The same call told once more, not another like it. */
function isRepeated(one: LlmToolCall, other: LlmToolCall): boolean {
  return one.id.trim() !== '' && one.id === other.id && isSame(one, other)
}

function withoutSpace(text: string): string {
  return text.replace(/\s/g, '')
}
