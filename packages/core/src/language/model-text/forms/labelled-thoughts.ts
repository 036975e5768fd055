import { parseJson } from '../../../kit/json-as-written.ts'
import type { TextStage } from './text-stage.ts'
import { jsonEnd } from '../calls/written-calls.ts'

/** Behind so much a thought that nothing ended is words, or was none. */
const MAX_CHARS = 8_192
/** Granite's, and what it has for the end of its thought. */
const OPENS = /^\s{0,4}(?:Here(?:'|’| i)s my thought process:)/
const CLOSES = /(?:Here(?:'|’| i)s my response:)\s{0,4}/
const CLOSES_CHARS = 24

const THOUGHT = /^\s{0,4}\*{0,2}Thought(?: 1)?:/
const ACTION = /^\s{0,4}\*{0,2}Action(?: 1)?:[^\n]{1,80}\n[ \t]{0,4}\*{0,2}Action Input/
const BEGINNINGS = [
  ...["Here's", 'Here’s', 'Here is'].map((words) => `${words} my thought process:`),
  ...['Thought:', 'Thought 1:', '**Thought:', 'Action:', 'Action 1:', '**Action:'],
]

/** Labels of ReAct that a line begins with, which end what stands before them. */
const ANSWER_LINE = /(?:^|\n)[ \t]{0,4}\*{0,2}(?:Final Answer|AI|Assistant):\*{0,2}\s{0,4}/
const ACTION_LINE = /(?:^|\n)[ \t]{0,4}\*{0,2}Action(?: \d)?:([^\n]{0,120})/
const INPUT_LINE = /\n[ \t]{0,4}\*{0,2}Action Input(?: \d)?:\*{0,2}\s{0,4}/
const MADE_UP_LINE = /\n[ \t]{0,4}\*{0,2}Observation(?: \d)?:/

/**
 * Puts marks round what models name in words at the beginning of an answer: Granite's thought process, and the thoughts
 * and actions of ReAct, which they write also where there are no tools: `Thought: …⏎Action: book⏎Action Input: {…}`. What
 * they go on to observe they make up. A `Thought:` that nothing of that kind follows is what somebody says.
 */
export function createLabelledThoughts(): TextStage {
  let state: 'first' | 'granite' | 'react' | 'answer' | 'made-up' | 'off' = 'first'
  let held = ''

  function read(ended: boolean): string {
    if (state === 'first') state = beginning(held, ended) ?? 'first'
    if (state === 'first') return ''
    if (state === 'granite') return granite(ended)
    if (state === 'react') return react(ended)
    if (state === 'answer') return answer()
    const text = given()
    return state === 'made-up' ? '' : text
  }

  function given(): string {
    const text = held
    held = ''
    return text
  }

  function granite(ended: boolean): string {
    const text = held.replace(OPENS, '<think>')
    const closes = CLOSES.exec(text)
    const upTo = closes?.index ?? (ended ? text.length : Math.max(0, text.length - CLOSES_CHARS))
    held = text.slice(upTo)
    if (!closes) return text.slice(0, upTo)
    state = 'off'
    return `${text.slice(0, upTo)}</think>${given().replace(CLOSES, '')}`
  }

  function react(ended: boolean): string {
    if (!ended && !isDecided(held)) return ''
    const marked = asMarks(held)
    state = marked.then
    held = marked.rest
    return marked.text + (state === 'answer' ? answer() : given())
  }

  /** Behind its label. */
  function answer(): string {
    held = held.replace(/^[*\s]+/, '')
    if (held !== '') state = 'off'
    return given()
  }

  return {
    push(text) {
      held += text
      return read(false)
    },
    end: () => read(true),
  }
}

/** `undefined`: the next characters will tell. */
function beginning(text: string, ended: boolean): 'granite' | 'react' | 'off' | undefined {
  if (OPENS.test(text)) return 'granite'
  if (THOUGHT.test(text) || ACTION.test(text)) return 'react'
  if (ended || text.length > MAX_CHARS) return 'off'
  const words = text.trimStart()
  const mayBegin = BEGINNINGS.some((label) => label.startsWith(words) || isAction(words, label))
  return mayBegin && text.length - words.length <= 4 ? undefined : 'off'
}

/** An action is one where the line behind it is its input. */
function isAction(words: string, label: string): boolean {
  if (!label.includes('Action') || !words.startsWith(label)) return false
  const [line = '', next, more] = words.slice(label.length).split('\n')
  if (line.length > 80 || more !== undefined) return false
  return next === undefined || 'Action Input'.startsWith(next.trimStart().replace(/^\*{1,2}/, ''))
}

/** Whether what follows changes nothing of what was thought, called or answered. */
function isDecided(text: string): boolean {
  return ANSWER_LINE.test(text)
    ? !ACTION_LINE.test(text) || MADE_UP_LINE.test(text) || isIdle(text)
    : text.length > MAX_CHARS || MADE_UP_LINE.test(text)
}

/** An action that has no input, and an answer behind it. */
function isIdle(text: string): boolean {
  const answer = ANSWER_LINE.exec(text)
  return answer !== null && !INPUT_LINE.test(text.slice(0, answer.index))
}

interface Marked {
  readonly text: string
  readonly rest: string
  readonly then: 'answer' | 'made-up' | 'off'
}

function asMarks(text: string): Marked {
  const action = ACTION_LINE.exec(text)
  const answer = ANSWER_LINE.exec(text)
  if (answer && (!action || isIdle(text))) {
    return {
      text: thought(text.slice(0, answer.index)),
      rest: text.slice(answer.index + answer[0].length),
      then: 'answer',
    }
  }
  if (!action) return { text: '', rest: text, then: 'off' }
  const behind = text.slice(action.index + action[0].length).split(MADE_UP_LINE)[0]!
  const name = action[1]!.replaceAll('*', '').trim()
  const call = JSON.stringify({ name, arguments: argumentsIn(behind) })
  return {
    text: `${thought(text.slice(0, action.index))}<tool_call>${call}</tool_call>`,
    rest: '',
    then: 'made-up',
  }
}

function thought(text: string): string {
  return text.trim() === '' ? '' : `<think>${text}</think>`
}

/** What is no object is nothing that a tool has a name for. */
function argumentsIn(behind: string): unknown {
  const input = INPUT_LINE.exec(behind)
  const text = input ? behind.slice(input.index + input[0].length) : ''
  const from = text.indexOf('{')
  const end = from < 0 ? undefined : jsonEnd(text, from)
  return (end === undefined ? undefined : parseJson(text.slice(from, end))) ?? {}
}
