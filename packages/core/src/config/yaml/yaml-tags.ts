import { looksSecret } from '../../kit/secrets/index.ts'
import { shorten } from '../source/problem.ts'

/** Tags by which other tools name a variable or a secret: `!ENV`, `!secret`, `!Sub`. */
const OF_VARIABLES = /^!(env|env_?var|environ|environment|secret|secrets|ref|sub|var|vault|getenv)$/i
const OF_FILES = /^!(include|import|file|load|read|include_dir_\w+)$/i

/** What to do about a tag that YAML 1.2 core does not know; `content`: the text behind it, where there is one. */
export function tagMessage(tag: string, content: unknown): string {
  if (tag === '!') return 'a text that begins with "!" needs quotes'
  const name = JSON.stringify(shorten(tag.replace('tag:yaml.org,2002:', '!!'), 40))
  const unknown = `unknown YAML tag ${name}`
  if (OF_VARIABLES.test(tag)) {
    const variable = variableIn(content)
    const example = variable === undefined ? 'of the environment as "${NAME}"' : `as "\${${variable}}"`
    return `${unknown}; write a value ${example}`
  }
  if (OF_FILES.test(tag)) return `${unknown}; no file is read here, write what stands in it`
  return tag.startsWith('!!') || tag.startsWith('tag:')
    ? `${unknown}; remove it`
    : `${unknown}; remove it, or put the text in quotes if it begins with "!"`
}

/** `OPENAI_API_KEY` of `!ENV OPENAI_API_KEY`, `!ENV ${OPENAI_API_KEY}` and `!secret openai_api_key`. */
function variableIn(content: unknown): string | undefined {
  if (typeof content !== 'string' || looksSecret(content)) return undefined
  const [, name] = /^(?:\$\{)?([A-Za-z_][A-Za-z0-9_]{0,63})\}?$/.exec(content) ?? []
  return name?.toUpperCase()
}

/** Of an anchor on a text to which no alias leads: `&Co is here`. The name is not shown; it may be half a password. */
export const LOST_ANCHOR =
  '"&" begins an anchor to YAML, and its word is left out of the text; put the whole in quotes, or remove it'

/** Where the tag or the anchor stands that belongs to the value at `offset`, when it is in the same line. */
export function markBefore(mark: '!' | '&', text: string, offset: number): number {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1
  let at = text.slice(lineStart, offset).trimEnd().length + lineStart
  for (;;) {
    let from = at
    while (from > lineStart && !/[\s[{,]/.test(text.charAt(from - 1))) from--
    const sign = text.charAt(from)
    if (sign === mark) return from
    if ((sign !== '!' && sign !== '&') || from === lineStart) return offset
    at = from
    while (at > lineStart && /\s/.test(text.charAt(at - 1))) at--
  }
}
