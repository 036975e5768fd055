/**
 * The declared tool that a model means by a name, as models write it: `functions.book`, `default_api:book`,
 * `functions.book:0`, `book()`, `"book"`, with a rest of its channel behind it (`book<|channel|>commentary`).
 * `undefined`: there is none.
 */
export function declaredToolName(written: string, isDeclared: (name: string) => boolean): string | undefined {
  if (isDeclared(written)) return written
  if (written.length > MAX_WRITTEN_CHARS) return undefined
  const bare = written
    .replace(/<[|｜].*$/su, '')
    .replace(/^[\s"'`]+|[\s"'`]+$/g, '')
    .replace(/\(\s*\)$|:\d+$/, '')
  if (isDeclared(bare)) return bare
  const last = bare.replace(NAME_SPACE, '')
  return isDeclared(last) ? last : undefined
}

/** Longer than any name with what models put round it. */
const MAX_WRITTEN_CHARS = 256
const NAME_SPACE = /^(?:(?:functions?|tools?|default_api|multi_tool_use|assistant|api)(?:[.:/]|::))+/i
