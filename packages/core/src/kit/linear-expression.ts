import { RE2JS } from 're2js'

/**
 * What a caller or a model wrote is never longer where an expression of the operator's looks at it: a longer text does
 * not fit. Linear time of a large number is long, too.
 */
export const MAX_MATCHED_CHARACTERS = 4096
/** More than one event of a call holds. */
const MAX_SEARCHED_CHARACTERS = 65_536

/** A regular expression whose time is linear in the text, whatever was written. */
export interface LinearExpression {
  test(text: string): boolean
  /** The named groups of the first place that fits, those that took part; `undefined`: nothing fits. */
  groupsIn(text: string): ReadonlyMap<string, string> | undefined
  /** Every place that fits, from and to, in order; of a longer text its beginning. Places of no length are left out. */
  spansIn(text: string): readonly (readonly [start: number, end: number])[]
}

/**
 * An expression that somebody else wrote, for texts of somebody else again: it runs on RE2. Throws for what RE2 has
 * not: look-ahead, look-behind, back-references. The spelling is that of JavaScript.
 */
export function linearExpression(source: string, options: { ignoreCase?: boolean } = {}): LinearExpression {
  const expression = compile(source, options.ignoreCase === true ? RE2JS.CASE_INSENSITIVE : 0)
  const names = Object.keys(expression.namedGroups())
  const fits = (text: string): boolean => text.length <= MAX_MATCHED_CHARACTERS
  return {
    test: (text) => fits(text) && expression.test(text),
    groupsIn(text) {
      const matcher = fits(text) ? expression.matcher(text) : undefined
      if (!matcher?.find()) return undefined
      const groups = names.map((name) => [name, matcher.group(name)] as const)
      return new Map(groups.filter((group): group is [string, string] => typeof group[1] === 'string'))
    },
    spansIn(text) {
      const matcher = expression.matcher(text.slice(0, MAX_SEARCHED_CHARACTERS))
      const spans: [number, number][] = []
      while (matcher.find()) if (matcher.end() > matcher.start()) spans.push([matcher.start(), matcher.end()])
      return spans
    },
  }
}

/**
 * A `pattern` of a schema for ajv, where the schema or the text is not the process's own. ajv tells patterns apart by
 * their text. Throws as `linearExpression` does.
 */
export function linearPattern(
  pattern: string,
  maxCharacters = MAX_MATCHED_CHARACTERS,
): { test(text: string): boolean; toString(): string } {
  const expression = compile(pattern, 0)
  return {
    test: (text) => text.length <= maxCharacters && expression.test(text),
    toString: () => pattern,
  }
}

function compile(source: string, flags: number): RE2JS {
  try {
    return RE2JS.compile(RE2JS.translateRegExp(source), flags)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new Error(
      `the pattern ${JSON.stringify(source)} cannot be used: ${reason} (patterns are RE2's: no look-ahead, no look-behind, no back-references, no repetition above 1000)`,
      { cause: error },
    )
  }
}
