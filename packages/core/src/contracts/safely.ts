/** What `read` gives; `undefined` where it throws, as a getter or a proxy that a plugin threw may do. */
export function safely<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
