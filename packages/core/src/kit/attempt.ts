/** What `work` promises. A provider that throws synchronously is one that rejects. */
export async function attempt<T>(work: () => T | PromiseLike<T>): Promise<T> {
  return work()
}
