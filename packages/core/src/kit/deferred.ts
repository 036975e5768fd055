import { asError } from '../contracts/errors.ts'

/** A promise and the two functions that settle it; the first call counts. */
export interface Deferred<T> {
  readonly promise: Promise<T>
  resolve(value: T): void
  reject(error: unknown): void
}

export function createDeferred<T>(): Deferred<T> {
  let settle: Omit<Deferred<T>, 'promise'> | undefined
  const promise = new Promise<T>((resolve, reject) => {
    settle = {
      resolve,
      reject: (error) => reject(asError(error)),
    }
  })
  return { promise, ...settle! }
}
