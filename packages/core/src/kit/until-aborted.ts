/**
 * The work's result; or, as soon as `signal` aborts, what `whenAborted` returns or throws. The work itself goes on,
 * and whatever becomes of it then is nobody's.
 */
export async function untilAborted<T, Instead>(
  signal: AbortSignal,
  work: Promise<T>,
  whenAborted: () => Instead,
): Promise<T | Instead> {
  let onAbort: () => void = () => undefined
  const aborted = new Promise<'aborted'>((resolve) => {
    onAbort = () => resolve('aborted')
  })
  if (signal.aborted) onAbort()
  else signal.addEventListener('abort', onAbort, { once: true })
  const settled = work.then((value) => ({ value }))
  // After an abort nobody waits for it any more.
  settled.catch(() => undefined)
  try {
    const first = await Promise.race([aborted, settled])
    return first === 'aborted' ? whenAborted() : first.value
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
