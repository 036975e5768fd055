import { Composer, CST, Lexer, Parser, type Document, type ParsedNode } from 'yaml'
import { foreignMarks } from '../hints/foreign-file.ts'
import type { TextFault } from '../source/read-file.ts'
import { syntaxFaults } from './syntax-faults.ts'

/** Deeper than any pipeline, and far from where a recursive reader runs out of stack. */
export const MAX_DEPTH = 64
const MAX_TOKENS = 100_000

export interface ParsedText {
  /** The first document; absent when the text could not be read at all. */
  readonly document?: Document.Parsed<ParsedNode>
  readonly faults: readonly TextFault[]
}

/** Reads YAML 1.2 text. Never throws, and its time is bounded by the limits above. */
export function parseYaml(text: string): ParsedText {
  // Composing recurses, and a stack that overflows inside V8's RegExp compiler ends the process: measure first.
  const outside = findExcess(text)
  if (outside !== undefined) return { faults: [outside] }
  const foreign = foreignMarks(text)
  if (foreign !== undefined) return { faults: [foreign] }
  const tokens: CST.Token[] = []
  for (const token of new Parser().parse(text)) {
    const deep = findDeepToken(token)
    if (deep !== undefined) return { faults: [tooDeep(deep)] }
    tokens.push(token)
  }
  const composer = new Composer<ParsedNode>({
    schema: 'core',
    merge: false,
    uniqueKeys: false,
    prettyErrors: false,
  })
  const documents = [...composer.compose(tokens, true, text.length)]
  const [document, second] = documents
  if (document === undefined) return { faults: [] }
  const faults = syntaxFaults(text, document)
  if (faults.length === 0 && second !== undefined) {
    const offset = separatorOffset(tokens) ?? second.range[0]
    const message = 'a second YAML document starts here; keep one pipeline per file'
    faults.push({ code: 'KAV_CONFIG_MULTIPLE_DOCUMENTS', offset, message })
  }
  return { document, faults }
}

/** Counts tokens and open brackets without building anything. */
function findExcess(text: string): TextFault | undefined {
  let offset = 0
  let depth = 0
  let tokens = 0
  let afterScalarMark = false
  for (const lexeme of new Lexer().lex(text)) {
    const isContent = afterScalarMark
    afterScalarMark = lexeme === CST.SCALAR
    if (lexeme === CST.SCALAR || lexeme === CST.DOCUMENT || lexeme === CST.FLOW_END) continue
    if (lexeme === CST.BOM) continue
    if (!isContent) {
      if (lexeme === '[' || lexeme === '{') depth++
      else if (lexeme === ']' || lexeme === '}') depth = Math.max(0, depth - 1)
    }
    if (depth > MAX_DEPTH) return tooDeep(offset)
    if (++tokens > MAX_TOKENS) {
      const message = `the file holds more than ${MAX_TOKENS} YAML tokens; no pipeline does`
      return { code: 'KAV_CONFIG_FILE_TOO_LARGE', offset, message }
    }
    offset += lexeme.length
  }
  return undefined
}

/** Where a token tree first goes deeper than `MAX_DEPTH`. A loop: the tree may be deeper than the stack. */
function findDeepToken(root: CST.Token): number | undefined {
  const open: { token: CST.Token; depth: number }[] = [{ token: root, depth: 0 }]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { token, depth } = next
    if (depth > MAX_DEPTH) return 'offset' in token ? token.offset : 0
    if (token.type === 'document' && token.value !== undefined) open.push({ token: token.value, depth })
    if (!('items' in token)) continue
    for (const item of token.items) {
      if (item.key != null) open.push({ token: item.key, depth: depth + 1 })
      if (item.value !== undefined) open.push({ token: item.value, depth: depth + 1 })
    }
  }
  return undefined
}

/** Offset of the `---` that starts the second document. */
function separatorOffset(tokens: readonly CST.Token[]): number | undefined {
  const second = tokens.filter((token) => token.type === 'document')[1]
  return second?.start.find((part) => part.type === 'doc-start')?.offset
}

function tooDeep(offset: number): TextFault {
  const message = `maps and lists are nested more than ${MAX_DEPTH} deep; is a closing bracket missing?`
  return { code: 'KAV_CONFIG_TOO_DEEP', offset, message }
}
