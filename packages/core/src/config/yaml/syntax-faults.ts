import { visit, type Document, type ErrorCode as YamlErrorCode, type YAMLParseError } from 'yaml'
import type { TextFault } from '../source/read-file.ts'
import { quoteInFlow, unquotedText } from './unquoted-text.ts'

const MAX_FAULTS = 20

/**
 * What is wrong and what to do, per code of the YAML reader. Its own messages are not shown: some repeat
 * what is written in the file, which may be a secret.
 */
const ADVICE: Partial<Record<YamlErrorCode, string>> = {
  ALIAS_PROPS: 'an alias takes no anchor or tag',
  BAD_ALIAS: 'an alias needs a name after "*"; quote a text that starts with "*"',
  BAD_COLLECTION_TYPE: 'the tag does not fit a map or list; remove the tag',
  BAD_DIRECTIVE: 'a line that starts with "%" is a YAML directive; quote the text or remove the line',
  BAD_DQ_ESCAPE: 'unknown escape in a double-quoted text; write \\\\ for a backslash or use single quotes',
  BAD_INDENT: 'wrong indentation; entries of one map or list start at the same column',
  BAD_PROP_ORDER: 'anchors and tags come after the "-" or the key they belong to',
  BAD_SCALAR_START: 'a text cannot start with this character; put it in quotes',
  BLOCK_AS_IMPLICIT_KEY: 'wrong indentation, or two "key: value" on one line; quote a text that holds ": "',
  BLOCK_IN_FLOW:
    'inside { } or [ ] write entries separated by commas; quote a text that starts with "- " or "? "',
  KEY_OVER_1024_CHARS: 'the key is too long; is a closing quote or a ":" missing?',
  MISSING_CHAR: 'a ":", a comma, or a closing quote or bracket is missing',
  MULTILINE_IMPLICIT_KEY:
    'this is not "key: value"; is the space after ":" missing, or the indentation wrong?',
  MULTIPLE_ANCHORS: 'one value has two anchors; keep one',
  MULTIPLE_TAGS: 'one value has two tags; keep one',
  TAB_AS_INDENT: 'a tab is used as indentation; use spaces',
  UNEXPECTED_TOKEN: 'this does not belong here; is a quote, a comma or a bracket missing or too much?',
}

/** Faults of the text, the first of each line: what follows on a line is mostly the echo of the first. */
export function syntaxFaults(text: string, document: Document.Parsed): TextFault[] {
  const faults: TextFault[] = []
  const told = new Set<number>()
  for (const error of [...document.errors].sort((a, b) => a.pos[0] - b.pos[0])) {
    // Once the document has ended early, the rest of the file is out of place to the reader.
    const isEcho = faults.length > 0 && /in YAML stream|at node end/.test(error.message)
    if (isEcho) continue
    const advice = tabAdvice(text, error) ?? adviceFor(text, document, error)
    // The line of the reader's error, and that of what is told of it.
    const lines = [error.pos[0], advice.offset].map((offset) => text.lastIndexOf('\n', offset - 1))
    if (lines.some((line) => told.has(line))) continue
    if (faults.length === MAX_FAULTS) break
    for (const line of lines) told.add(line)
    faults.push({ code: 'KAV_CONFIG_SYNTAX', ...advice })
  }
  return faults.sort((a, b) => a.offset - b.offset)
}

/** Whatever the reader calls it: a tab before the first character of the line is what is wrong. */
function tabAdvice(text: string, error: YAMLParseError): Omit<TextFault, 'code'> | undefined {
  const isIndent =
    /INDENT|BLOCK_AS_IMPLICIT_KEY|MISSING_CHAR/.test(error.code) || error.message.startsWith('Flow ')
  if (!isIndent) return undefined
  const [from] = error.pos
  const deeper = error.code === 'BLOCK_AS_IMPLICIT_KEY' ? overIndented(text, from) : undefined
  // What the reader could not take may begin on the next line.
  const at = deeper ?? from + (/^[ \t]*\r?\n\s*/.exec(text.slice(from))?.[0].length ?? 0)
  const lineStart = text.lastIndexOf('\n', at - 1) + 1
  const blank = /^[ \t]*/.exec(text.slice(lineStart))?.[0] ?? ''
  if (!blank.includes('\t')) return undefined
  return { offset: lineStart + blank.indexOf('\t'), message: ADVICE.TAB_AS_INDENT ?? '' }
}

function adviceFor(text: string, document: Document.Parsed, error: YAMLParseError): Omit<TextFault, 'code'> {
  const [offset] = error.pos
  if (text.startsWith('${', offset) || text.startsWith('${', offset - 1)) {
    return { offset, message: 'put quotes around "${…}" inside { } or [ ]' }
  }
  const unquoted = unquotedText(text, offset)
  if (unquoted !== undefined) return unquoted
  const inFlow = quoteInFlow(text, offset)
  if (inFlow !== undefined) return { offset: openingQuote(document, offset), message: inFlow }
  if (error.message.startsWith('Missing closing')) {
    return { offset: openingQuote(document, offset), message: 'the quote that opens here is never closed' }
  }
  if (error.message.startsWith('Flow ')) {
    return { offset, message: 'a "{" or "[" before this is not closed, or what is inside it is not indented' }
  }
  const deeper = error.code === 'BLOCK_AS_IMPLICIT_KEY' ? overIndented(text, offset) : undefined
  if (deeper !== undefined) {
    return {
      offset: deeper,
      message: 'this key is indented too far; keys of one map start at the same column',
    }
  }
  const blank = error.code === 'BAD_INDENT' ? /^[ ]*/.exec(text.slice(offset, offset + 200))?.[0].length : 0
  return { offset: offset + (blank ?? 0), message: ADVICE[error.code] ?? 'this is not valid YAML' }
}

/**
 * Where the key stands that the reader took for the next line of the text before it: `language: en-US` and, deeper,
 * `BATCH_MS: 40`. `undefined` when all is on one line.
 */
function overIndented(text: string, offset: number): number | undefined {
  const colon = /:(?=[ \t\r\n]|$)/.exec(text.slice(offset))
  if (colon === null) return undefined
  const lineStart = text.lastIndexOf('\n', offset + colon.index) + 1
  if (lineStart <= offset) return undefined
  return lineStart + (/^[ \t]*/.exec(text.slice(lineStart))?.[0].length ?? 0)
}

/** Where the quoted text starts that runs to `end`. */
function openingQuote(document: Document.Parsed, end: number): number {
  let start = end
  visit(document, {
    Scalar(_, node) {
      const isQuoted = node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE'
      if (isQuoted && node.range?.[1] === end) start = node.range[0]
    },
  })
  return start
}
