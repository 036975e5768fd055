import { visit, type Document, type ErrorCode as YamlErrorCode, type YAMLParseError } from 'yaml'
import type { TextFault } from './read-file.ts'

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
  let lastLineEnd = -1
  for (const error of [...document.errors].sort((a, b) => a.pos[0] - b.pos[0])) {
    const [found] = error.pos
    // Once the document has ended early, the rest of the file is out of place to the reader.
    const isEcho = faults.length > 0 && /in YAML stream|at node end/.test(error.message)
    if (found <= lastLineEnd || isEcho) continue
    if (faults.length === MAX_FAULTS) break
    const lineEnd = text.indexOf('\n', found)
    lastLineEnd = lineEnd === -1 ? text.length : lineEnd
    faults.push({ code: 'KAV_CONFIG_SYNTAX', ...adviceFor(text, document, error) })
  }
  return faults
}

function adviceFor(text: string, document: Document.Parsed, error: YAMLParseError): Omit<TextFault, 'code'> {
  const [offset] = error.pos
  if (text.startsWith('${', offset) || text.startsWith('${', offset - 1)) {
    return { offset, message: 'put quotes around "${…}" inside { } or [ ]' }
  }
  if (error.message.startsWith('Missing closing')) {
    return { offset: openingQuote(document, offset), message: 'the quote that opens here is never closed' }
  }
  if (error.message.startsWith('Flow ')) {
    return { offset, message: 'a "{" or "[" before this is not closed, or what is inside it is not indented' }
  }
  return { offset, message: ADVICE[error.code] ?? 'this is not valid YAML' }
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
