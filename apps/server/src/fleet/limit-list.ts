/** A limit for all, and others for some by name. */
export interface LimitList {
  readonly forAll: number
  readonly byName: ReadonlyMap<string, number>
}

/**
 * Reads `20, +15550100=5`: a limit for each, and that of one by name; 0 or nothing is no limit. Throws an Error that
 * names the variable.
 */
export function readLimitList(variable: string, text: string | undefined): LimitList {
  let forAll = 0
  const byName = new Map<string, number>()
  for (const part of (text ?? '').split(',').map((one) => one.trim())) {
    if (part === '') continue
    const at = part.lastIndexOf('=')
    const value = Number(part.slice(at + 1).trim() || Number.NaN)
    if (!(Number.isInteger(value) && value >= 0))
      throw new Error(
        `${variable}: ${JSON.stringify(part)}; a whole number from 0, or NAME=NUMBER, is expected`,
      )
    if (at < 0) forAll = value
    else byName.set(part.slice(0, at).trim(), value)
  }
  return { forAll, byName }
}

export const limitOf = ({ forAll, byName }: LimitList, name: string | undefined): number =>
  name === undefined ? forAll : (byName.get(name) ?? forAll)
