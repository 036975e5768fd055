import { addAbortListener, EventEmitter, once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ContractCase } from '../../src/testing/index.ts'
import { expectFailure } from './suite-failures.ts'

export const NONE_LEFT = 'no listener is left on a signal'

const LEAVES: readonly (readonly [name: string, listen: (signal: AbortSignal) => void])[] = [
  [
    'a listener by addAbortListener that is never disposed of',
    (signal) => addAbortListener(signal, () => undefined),
  ],
  [
    'a wait by once that never comes to its end',
    (signal) => void once(new EventEmitter(), 'never', { signal }).catch(() => undefined),
  ],
  ['an onabort that stays', (signal) => void (signal.onabort = () => undefined)],
]

/** Those who have Node.js listen for them. */
export function breaksSignals(
  breaks: (promise: 'signals', name: string, run: () => Promise<void>) => void,
  suiteOf: (atUse: (signal: AbortSignal) => void) => readonly ContractCase[],
): void {
  for (const [name, listen] of LEAVES)
    breaks('signals', name, () =>
      expectFailure(suiteOf(listen), NONE_LEFT, /no listener on the signal once .*1 are left.*signal-faults/),
    )
}

/** Ways to listen that leave nothing behind, or nothing that anybody could take off. */
export const TIDY: Readonly<Record<string, (signal: AbortSignal) => Promise<void>>> = {
  async 'addAbortListener, disposed of'(signal) {
    const listening = addAbortListener(signal, () => undefined)
    await sleep(1)
    listening[Symbol.dispose]()
  },
  async 'a pause of timers/promises'(signal) {
    await sleep(1, undefined, { signal })
  },
  async 'once, whose event comes'(signal) {
    const emitter = new EventEmitter()
    setImmediate(() => emitter.emit('soon'))
    await once(emitter, 'soon', { signal })
  },
  async 'an onabort that is taken back'(signal) {
    signal.onabort = () => undefined
    await sleep(1)
    signal.onabort = null
  },
  async 'AbortSignal.any'(signal) {
    const any = AbortSignal.any([signal, new AbortController().signal])
    await sleep(1, undefined, { signal: any })
  },
  async fetch(signal) {
    await (await fetch('data:text/plain,good', { signal })).text()
  },
}
