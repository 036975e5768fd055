import { Value, ValueErrorType, type ValueError } from '@sinclair/typebox/value'
import { linearExpression } from '@kav/core/kit'
import { parsePhrase, slotsIn } from './phrase.ts'
import { scriptSchema, type Script } from './script-schema.ts'
import { compileSlots } from './slots.ts'

export type ScriptPath = readonly (string | number)[]

/** One thing wrong with a script, and where. */
export interface ScriptProblem {
  readonly path: ScriptPath
  readonly message: string
}

/** Everything wrong with a script; a script without problems is a `Script`. Pure. */
export function checkScript(value: unknown): readonly ScriptProblem[] {
  const shape = checkShape(value)
  return shape.length > 0 ? shape : checkSense(value as Script)
}

function checkShape(value: unknown): ScriptProblem[] {
  const problems: ScriptProblem[] = []
  const seen = new Set<string>()
  for (const error of Value.Errors(scriptSchema, value)) {
    // The checker reports a missing field twice: as missing and as of the wrong type.
    if (seen.has(error.path)) continue
    seen.add(error.path)
    problems.push({ path: pathOf(error.path), message: describe(error) })
  }
  return problems
}

function pathOf(pointer: string): ScriptPath {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part))
}

function describe(error: ValueError): string {
  const title = error.schema.title === undefined ? undefined : String(error.schema.title)
  switch (error.type) {
    case ValueErrorType.ObjectAdditionalProperties:
      return 'unknown field'
    case ValueErrorType.ObjectRequiredProperty:
      return 'missing'
    case ValueErrorType.ArrayMinItems:
      return 'needs at least one entry'
    case ValueErrorType.StringMinLength:
      return 'is empty'
    default:
      return title === undefined
        ? `${error.message.replace(/^Expected/, 'expected')}, found ${found(error.value)}`
        : `expected ${title}, found ${found(error.value)}`
  }
}

function found(value: unknown): string {
  if (value === undefined) return 'nothing'
  const text = JSON.stringify(value) ?? String(value)
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}

function checkSense(script: Script): ScriptProblem[] {
  const problems: ScriptProblem[] = []
  const report = (path: ScriptPath, message: string): void => void problems.push({ path, message })
  const slots = compileSlots(script.slots ?? {})
  for (const [name, values] of Object.entries(script.slots ?? {})) {
    if (!/^[a-z][a-z0-9_]*$/i.test(name)) report(['slots', name], 'a slot’s name is letters, digits and _')
    values.forEach((value, index) => {
      if (parsePhrase(value).tokens.length === 0) report(['slots', name, index], 'has no words')
    })
  }
  const names = new Map<string, number>()
  const phraseOwners = new Map<string, string>()
  script.intents.forEach((intent, index) => {
    const at: ScriptPath = ['intents', index]
    const known = new Set<string>()
    if (names.has(intent.name)) report([...at, 'name'], `"${intent.name}" is the name of another intent too`)
    names.set(intent.name, index)
    if (intent.phrases === undefined && intent.patterns === undefined) {
      report(at, 'needs phrases or patterns')
    }
    intent.phrases?.forEach((text, phraseIndex) => {
      const path = [...at, 'phrases', phraseIndex]
      const { tokens, slots: used } = parsePhrase(text)
      if (tokens.length === 0) report(path, 'has no words')
      used.forEach((name) => known.add(name))
      for (const name of used.filter((one) => !slots.has(one))) report(path, `unknown slot {${name}}`)
      if (new Set(used).size < used.length) report(path, 'a slot may stand in a phrase once')
      const owner = phraseOwners.get(tokens.join(' '))
      if (owner !== undefined && owner !== intent.name) report(path, `intent "${owner}" has this phrase too`)
      phraseOwners.set(tokens.join(' '), intent.name)
    })
    intent.patterns?.forEach((source, patternIndex) => {
      for (const name of source.matchAll(/\(\?<([a-z]\w*)>/gi)) known.add(name[1] ?? '')
      const fault = faultOfPattern(source)
      if (fault !== undefined) report([...at, 'patterns', patternIndex], fault)
    })
    const replies = typeof intent.replies === 'string' ? [intent.replies] : intent.replies
    replies.forEach((text, replyIndex) => {
      const path = typeof intent.replies === 'string' ? [...at, 'replies'] : [...at, 'replies', replyIndex]
      for (const name of slotsIn(text).filter((one) => !known.has(one))) {
        report(path, `{${name}} is in none of this intent’s phrases`)
      }
    })
  })
  return problems
}

function faultOfPattern(source: string): string | undefined {
  try {
    // The first tells of a slip better; the second is what it runs on.
    new RegExp(source, 'iu')
    linearExpression(source, { ignoreCase: true })
    return undefined
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown)
  }
}
