/**
 * What a method gave that promises nothing. A plugin may have made it `async` all the same: what it then rejects with
 * is told, instead of reaching the process.
 */
export function catchPromised(given: unknown, onRejected: (thrown: unknown) => void): void {
  if (given === undefined) return
  // Whatever it is: only a promise, of whichever library, can reject.
  Promise.resolve(given).catch(onRejected)
}
