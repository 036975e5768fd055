import { raised, TEX_SIGNS } from './tex-signs.ts'

/** Formulas as TeX writes them, with the signs of Unicode instead: a voice says those in its own language. */
export function sayFormulas(text: string): string {
  const blocks = text.replace(/\$\$([^$]+)\$\$/gu, ' $1 ')
  const shown = blocks
    .replace(/(?<![\\$\p{N}])\$(?!\s)([^$\n]+)\$(?![\p{N}$])/gu, (whole, inner: string, at: number) =>
      isFormula(inner) ? inner + gapBehind(inner, blocks[at + whole.length] ?? '') : whole,
    )
    .replace(/\\\[([^[\]]*)\\\]|\\\(([^()]*(?:\([^()]*\)[^()]*)?)\\\)/gu, ' $1$2 ')
    .replace(/(?<=\p{Nd}) ?\*\* ?(?=\p{Nd})/gu, '^')
  return withPowers(withoutCommands(shown))
}

/** The letter behind `$25^\circ$C` is none of the command's. */
function gapBehind(inner: string, after: string): string {
  return /\\[A-Za-z]+$/u.test(inner) && /[A-Za-z]/u.test(after) ? ' ' : ''
}

/** No price: it has a sign of a formula in it, or is one variable, and no space inside its marks. */
function isFormula(inner: string): boolean {
  return !/^\{|\s$/u.test(inner) && (/[\\^_=<>+]/u.test(inner) || /^\p{L}$/u.test(inner))
}

/** Commands stand inside each other, `\frac{\sqrt{2}}{2}`; those that are deeper keep their braces. */
const MAX_DEPTH = 6

function withoutCommands(text: string): string {
  if (!/\\[A-Za-z]|\\,/u.test(text)) return text
  let rest = text.replace(/(?<=\p{Nd})\\,(?=\p{Nd})/gu, '').replace(/\\(?:begin|end)\{[a-z]*\*?\}/gu, ' ')
  for (let depth = 0; depth < MAX_DEPTH; depth++) {
    const next = withoutInnermost(rest)
    if (next === rest) break
    rest = next
  }
  return rest.replace(/\\([A-Za-z]+)/gu, (_whole, name: string) => signOf(name))
}

/** Fractions as `a/b`, roots as `√`; of what is written in another way, such as `\text{each}`, what it holds. */
function withoutInnermost(text: string): string {
  return withPowers(text)
    .replace(/\\[dt]?frac ?(\d) ?(\d)/gu, ' $1/$2 ')
    .replace(
      /\\[dt]?frac\{([^{}]*)\}\{([^{}]*)\}/gu,
      (_whole, above: string, below: string) => ` ${operand(above)}/${operand(below)} `,
    )
    .replace(/\\sqrt(?:\[[^[\]]*\])?\{([^{}]*)\}/gu, (_whole, inner: string) => `√${operand(inner)}`)
    .replace(/\\([A-Za-z]+)\{([^{}]*)\}/gu, (whole, name: string, inner: string) => {
      if (WITH_OPERANDS.has(name)) return whole
      return NAMED.has(name) ? ` ${name} ${inner} ` : ` ${inner} `
    })
}

function operand(inner: string): string {
  const term = inner.trim()
  return /[\s+<>=/–-]/u.test(term) ? `(${term})` : term
}

/** `x^2` and `10^{-3}` as `x²` and `10⁻³`, `H_2O` and `x_{12}` as `H2O` and `x12`. */
function withPowers(text: string): string {
  return text
    .replace(/\^(?:\\circ|\{\\circ\})(?![A-Za-z])/gu, '°')
    .replace(
      /(?<=[\p{L}\p{N})}\]])\^(?:\{([-+]?[\dni]{1,4})\}|([-+]?\d{1,4}|[ni](?![\p{L}\p{N}])))/gu,
      (_whole, braced?: string, bare?: string) => raised(braced ?? bare ?? ''),
    )
    .replace(
      /(?<![\p{L}\p{N}_][\p{L}\p{N}]?)(\p{L}\p{L}?)_(?:\{(\p{Nd}{1,3})\}|(\p{Nd}))(?![\p{Nd}_])/gu,
      '$1$2$3',
    )
    .replace(/(?<=[\p{L}\p{N})])([_^])\{([^{}]{1,24})\}/gu, (_whole, mark: string, inner: string) =>
      mark === '_' ? ` ${inner} ` : `^${operand(inner)}`,
    )
}

const WITH_OPERANDS = new Set('frac dfrac tfrac sqrt'.split(' '))
const NAMED = new Set('sin cos tan log ln exp lim max min det gcd mod arg'.split(' '))
/** Of the layout alone. */
const UNSAID = new Set(
  'displaystyle textstyle left right big Big bigl bigr quad qquad limits hline'.split(' '),
)

/** An unknown command keeps its name as a word. */
function signOf(name: string): string {
  if (UNSAID.has(name)) return ' '
  if (NAMED.has(name)) return ` ${name} `
  if (Object.hasOwn(TEX_SIGNS, name)) return TEX_SIGNS[name]!
  // A line break or tab that was escaped once too often.
  return ` ${/^[nrt]/u.test(name) ? name.slice(1) : name}`
}
