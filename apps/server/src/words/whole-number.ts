/**
 * What digits say; `undefined` for anything else. `Number` takes nothing at all for 0, `1e3` for 1000 and `0x1f` for 31,
 * and an empty variable of a shell would be a port.
 */
export function wholeNumberOf(text: string): number | undefined {
  const digits = text.trim()
  return /^\d{1,15}$/.test(digits) ? Number(digits) : undefined
}
