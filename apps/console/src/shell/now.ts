import { signal, type ReadonlySignal } from '@preact/signals'

const now = signal(Date.now())
setInterval(() => (now.value = Date.now()), 1000)

/** One clock for all durations that grow: by the second. */
export const currentSecond: ReadonlySignal<number> = now
