import type { Path } from '../source/problem.ts'
import type { Finding } from '../findings/schema-findings.ts'
import { locate, type SourceNode } from '../source/source-tree.ts'

/** Keys whose texts are for people and may hold any character. */
const FREE_TEXT =
  /^(greeting|system_prompt|farewell|fallback_line|say|text|transfer_failed_line|prompts|texts|hints|pronunciation|instructions|refuse_message|description)$/

/**
 * Texts without quotes that a `#` ends: `greeting: Press # to go on` says "Press". A remark behind a text in quotes,
 * behind a number or a single word is what it looks like.
 */
export function cutTextWarnings(root: unknown, source: SourceNode): readonly Finding[] {
  const found: Finding[] = []
  function visit(value: unknown, node: SourceNode, path: Path): void {
    if (typeof value === 'string') {
      const free = path.some((part) => typeof part === 'string' && FREE_TEXT.test(part))
      if (node.cutAt === undefined || !(free || /\s/.test(value)) || node.env?.whole) return
      const message = 'the text ends before "#", which begins a comment; put the whole text in quotes'
      found.push({ code: 'KAV_CONFIG_DOUBT', path, at: 'value', message })
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, child] of node.children)
        visit((value as Record<string, unknown>)[key], child, [...path, key])
    }
  }
  visit(root, source, [])
  return found
}

/** What is missing because a `#` stands in its place: `terminator: #`. */
export function withCommentHint(finding: Finding, source: SourceNode): Finding {
  const { node, found } = locate(source, finding.path)
  if (!found || node.cutAt === undefined || !finding.message.includes('found nothing')) return finding
  const [what] = finding.message.split(', found nothing')
  return { ...finding, message: `${what}, found nothing: "#" begins a comment; put the text in quotes` }
}
