/** So long on the clock of the calls. Rejects when `signal` aborts first. */
export function wait(clock, ms, signal) {
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      cancel()
      reject(new Error('aborted'))
    }
    const cancel = clock.after(ms, () => {
      signal.removeEventListener('abort', onAbort)
      resolve()
    })
    signal.addEventListener('abort', onAbort, { once: true })
  })
}
