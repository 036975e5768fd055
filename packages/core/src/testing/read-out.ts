/** What a test reads of a provider, to its end. */

export async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const one of source) all.push(one)
  return all
}

/** What came, up to the error that ended it, if one did. */
export async function collectToError<T>(
  source: AsyncIterable<T>,
): Promise<{ readonly events: readonly T[]; readonly error?: any }> {
  const events: T[] = []
  try {
    for await (const event of source) events.push(event)
    return { events }
  } catch (error) {
    return { events, error }
  }
}

/** What the promise rejects with. Throws where it does not. */
export async function rejection(promise: Promise<unknown>): Promise<any> {
  try {
    await promise
  } catch (thrown) {
    return thrown
  }
  throw new Error('expected a rejection')
}
