import { fitParameter, type StreamParameter } from './twiml.ts'

/** What one `<Parameter>` cannot carry goes on in others: `kav.2.plan`, `kav.3.plan`. */
const PIECE = /^kav\.([0-9]+)\.(.+)$/s

/** Whether a name is kept for pieces: nobody else may bring one. */
export function isPiece(name: string): boolean {
  return PIECE.test(name)
}

/** A value in as many parameters as it needs. */
export function pieces(name: string, value: string): readonly StreamParameter[] {
  const parameters: StreamParameter[] = []
  let rest = value
  do {
    const piece = parameters.length === 0 ? name : `kav.${parameters.length + 1}.${name}`
    const fitting = fitParameter(piece, rest)
    parameters.push({ name: piece, value: fitting })
    rest = rest.slice(fitting.length)
  } while (rest !== '')
  return parameters
}

/** The parameters of a stream with their pieces put together again. */
export function joinedValues(params: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const names = Object.keys(params)
  if (!names.some(isPiece)) return params
  const joined = Object.fromEntries(Object.entries(params).filter(([name]) => !isPiece(name)))
  for (const name of Object.keys(joined))
    for (let next = 2; params[`kav.${next}.${name}`] !== undefined; next++)
      joined[name] += params[`kav.${next}.${name}`]!
  return joined
}
