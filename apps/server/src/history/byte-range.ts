/** The one part of a file that a header `Range` asks for; `undefined`: all of it. `none`: there is no such part. */
export function byteRange(
  header: string | undefined,
  size: number,
): { readonly first: number; readonly last: number } | 'none' | undefined {
  const parts = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '')
  if (parts === null || (parts[1] === '' && parts[2] === '')) return undefined
  const [, from, to] = parts as unknown as readonly [string, string, string]
  const first = from === '' ? Math.max(0, size - Number(to)) : Number(from)
  const last = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1)
  return first > last ? 'none' : { first, last }
}
