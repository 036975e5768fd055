/**
 * What may stand in a log or a record that must hold nothing private: figures, truths, and texts that Kav or the
 * operator chose. A text counts as private unless it stands under one of these names and is one word. What is left out
 * is named in `hidden`, so that a reader sees that there was more.
 */
const PUBLIC_TEXTS: ReadonlySet<string> = new Set(
  [
    // Which call, by the carrier's numbers for it.
    'call callId callSid streamSid transport',
    // Which part of Kav, and which side of the call.
    // Not `tool`: a model may make its name up.
    'who event plugin package provider stage kind outbox pipeline region model voice language languages from to',
    // What came of it: words of Kav's own.
    'reason instead state step outcome counted_by class code signal at ended_by endedBy action method format encoding',
    // Where: the operator's own files and names.
    'file files host listener waiting metric level startedAt',
  ].flatMap((names) => names.split(' ')),
)
/** Longer than any name. */
const MAX_TEXT = 200
/** A phone number, a card, a code somebody typed: no name of Kav's has so many digits in a row. */
const DIGITS = /\d(?:[ .()/-]?\d){5}/
/** As many as the shortest phone number; a figure that may have them says in its name what it counts. */
const LEAST_PRIVATE_NUMBER = 1_000_000
/** A word of its own in the name: `symptoms` count no milliseconds. */
const OF_FIGURES =
  /(?:^|_)(?:ms|us|bytes|tokens|frames|chars|characters|limit|pid|time)$|(?:Ms|Us|Bytes|Tokens|Frames|Chars|Characters|Limit|Pid|Time)$/
/** Numbers that the carrier or Kav made up: they are all digits and say nothing. */
const IDS: ReadonlySet<string> = new Set([
  'call',
  'callId',
  'callSid',
  'streamSid',
  'file',
  'files',
  'startedAt',
])
const MAX_DEPTH = 4
/** One word, as names, codes and paths are written. What somebody says or writes has spaces, or letters of its own. */
const WORD = /^[\w.:/@+-]*$/
/** A name that code gave a field; any other is a text, too. */
const NAME = /^[A-Za-z]\w{0,40}$/
/** Of a thing within a field. There a name may be data: what a caller chose, counted. */
const INNER_FIGURES: ReadonlySet<string> = new Set(['attempt', 'count', 'retryable', 'status', 'turn'])

export function publicFields(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const hidden: string[] = []
  const shown = mapOf(fields, '', hidden, 0)
  return hidden.length === 0 ? shown : { ...shown, hidden }
}

/** The labels of a figure; there every tool is one that exists. */
export function publicLabels(labels: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(labels).map(([name, value]) => [
      name,
      (name === 'tool' && !DIGITS.test(value)) || isPublicText(name, value) ? value : 'hidden',
    ]),
  )
}

/** A line's text: constant, by its contract; a plugin that puts a number into it has it hidden. */
export function publicMessage(message: string): string {
  return message.length <= MAX_TEXT && !DIGITS.test(message) ? message : '(hidden)'
}

function mapOf(fields: object, at: string, hidden: string[], depth: number): Record<string, unknown> {
  const shown: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined || name === 'private') continue
    const isKnown = depth === 0 ? isName(name) : isInnerName(name)
    const kept = isKnown ? publicValue(name, value, at, hidden, depth) : undefined
    const told = isKnown ? at + name : `${at}?`
    if (kept !== undefined) shown[name] = kept
    else if (!hidden.includes(told)) hidden.push(told)
  }
  return shown
}

const isName = (name: string): boolean => NAME.test(name) && !DIGITS.test(name)

function isInnerName(name: string): boolean {
  return PUBLIC_TEXTS.has(name) || INNER_FIGURES.has(name) || (isName(name) && OF_FIGURES.test(name))
}

/** Undefined for what is private. */
function publicValue(name: string, value: unknown, at: string, hidden: string[], depth: number): unknown {
  if (typeof value === 'number') return isFigure(name, value) ? value : undefined
  if (typeof value === 'boolean' || value === null) return value
  if (typeof value === 'string') return isPublicText(name, value) ? value : undefined
  if (typeof value !== 'object' || depth >= MAX_DEPTH) return undefined
  if (Array.isArray(value)) {
    const items = value.map((item) => publicValue(name, item, at, hidden, depth + 1))
    return items.includes(undefined) ? undefined : items
  }
  if (value instanceof Error) return faultOf(value)
  return mapOf(value, `${at}${name}.`, hidden, depth + 1)
}

/** A phone number, a card, a code can be a number, too: of a tool's answer, of a plugin's field. */
function isFigure(name: string, value: number): boolean {
  return Math.abs(value) < LEAST_PRIVATE_NUMBER || OF_FIGURES.test(name)
}

function isPublicText(name: string, text: string): boolean {
  return (
    PUBLIC_TEXTS.has(name) &&
    text.length <= MAX_TEXT &&
    WORD.test(text) &&
    (IDS.has(name) || !DIGITS.test(text))
  )
}

/** Where it was thrown, not what it says: a message may repeat what was said. */
function faultOf(error: Error): Record<string, unknown> {
  const { code } = error as { code?: unknown }
  const stack = typeof error.stack === 'string' ? error.stack : ''
  const places = stack.split('\n').filter((line) => /^ {4}at [^"']*$/.test(line))
  return {
    ...(typeof code === 'string' && isPublicText('code', code) ? { code } : {}),
    stack: places.join('\n'),
  }
}
