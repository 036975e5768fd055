import type { PipelineProblem } from '@kav/client'

export interface YamlPart {
  readonly text: string
  readonly looks: 'plain' | 'key' | 'comment' | 'text'
  /** What is wrong with it. */
  readonly problem?: PipelineProblem
}

const KEY = /^(\s*(?:- )?)("[^"]*"|'[^']*'|[\w.@/-]+)(?=:(?:\s|$))/
/** What a problem that names no end stands on: a quoted text, a word, or what is there. */
const WORD = /^(?:"(?:[^"\\]|\\.)*"?|'[^']*'?|[^\s,:\]}]+|\S)/

/** One line of a pipeline file in parts of one look each; a problem underlines what stands at its place. */
export function partsOf(line: string, problems: readonly PipelineProblem[]): readonly YamlPart[] {
  const borders = new Set([0, line.length])
  const looks = looksOf(line)
  for (const { start } of looks) borders.add(start)
  const spans = problems.map((problem) => ({ problem, ...placeOf(line, problem) }))
  for (const { start, end } of spans) borders.add(start).add(end)
  const sorted = [...borders].sort((one, other) => one - other)
  return sorted.slice(0, -1).map((start, index) => {
    const end = sorted[index + 1]!
    const problem = spans.find((span) => span.start <= start && end <= span.end)?.problem
    const look = looks.findLast((one) => one.start <= start)?.looks ?? 'plain'
    return { text: line.slice(start, end), looks: look, ...(problem && { problem }) }
  })
}

function looksOf(line: string): readonly { readonly start: number; readonly looks: YamlPart['looks'] }[] {
  const commentAt = isInQuotes(line) ? line.length : commentIn(line)
  const key = KEY.exec(line.slice(0, commentAt))
  const keyEnd = key ? key[0].length : 0
  return [
    { start: 0, looks: 'plain' },
    ...(key ? ([{ start: key[1]!.length, looks: 'key' }] as const) : []),
    { start: keyEnd, looks: 'text' },
    ...(commentAt < line.length ? ([{ start: commentAt, looks: 'comment' }] as const) : []),
  ]
}

/** Where a comment begins: at a `#` behind nothing or a space. */
function commentIn(line: string): number {
  for (let at = line.indexOf('#'); at >= 0; at = line.indexOf('#', at + 1))
    if (at === 0 || line[at - 1] === ' ' || line[at - 1] === '\t') return at
  return line.length
}

/** A `#` behind a quote that is open is none of a comment. */
function isInQuotes(line: string): boolean {
  const at = line.indexOf('#')
  if (at < 0) return false
  const before = line.slice(0, at)
  return (before.split('"').length - 1) % 2 === 1 || (before.split("'").length - 1) % 2 === 1
}

function placeOf(line: string, { column }: PipelineProblem): { start: number; end: number } {
  const start = Math.min(Math.max(0, column - 1), line.length)
  const word = WORD.exec(line.slice(start))?.[0].length ?? 0
  // A problem at the end of a line underlines its last character.
  return word === 0 && line.length > 0
    ? { start: line.length - 1, end: line.length }
    : { start, end: start + word }
}
