import { fail } from './contract-case.ts'

/** Fewer may be the same words by chance. */
const MIN_PIECES = 3

/**
 * Whether partials are only what is new each time, as many services send it. Whole ones say the first words of the final
 * again and again; a reader who was slow may have got the last one alone.
 */
export function arePieces(partials: readonly string[], finalText: string): boolean {
  const told = partials.map(plain).filter((text, at, all) => text !== (all[at - 1] ?? ''))
  const final = plain(finalText)
  const last = told.at(-1)
  if (last === undefined || last === '' || final.split(' ').length < MIN_PIECES) return false
  const makeItUp = told.length >= MIN_PIECES && `${final} `.startsWith(`${told.join(' ')} `)
  return makeItUp || (final.endsWith(` ${last}`) && !`${final} `.startsWith(`${last} `))
}

export function failByPieces(partials: readonly string[], finalText: string, unit: string): never {
  const [last, final] = [partials.at(-1), finalText].map((text) => JSON.stringify(text))
  return fail(
    `expected each partial to be all words of its ${unit} so far; the last was ${last}, the final ${final}`,
  )
}

const plain = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
