import dns from 'node:dns'
import { EventEmitter } from 'node:events'
import https from 'node:https'
import tls from 'node:tls'
import type { ContractCase } from '../../src/testing/index.ts'
import { it } from 'vitest'
import { expectFailure } from './suite-failures.ts'

const DISPATCHER = Symbol.for('undici.globalDispatcher.1')

/** What may be changed for all code of the process; the suite puts it back. */
const CHANGES: readonly (readonly [name: string, message: RegExp, change: () => void])[] = [
  [
    'a dispatcher of its own for every fetch (undici.setGlobalDispatcher)',
    /the dispatcher of fetch \(undici\) is another/,
    () => void Reflect.set(globalThis, DISPATCHER, { dispatch: () => false }),
  ],
  [
    'options of https.globalAgent',
    /https\.globalAgent\.options\.rejectUnauthorized is another/,
    () => void (https.globalAgent.options.rejectUnauthorized = false),
  ],
  [
    'an https.globalAgent of its own',
    /https\.globalAgent is another/,
    () => void (https.globalAgent = new https.Agent()),
  ],
  [
    'an older TLS for all',
    /tls\.DEFAULT_MIN_VERSION is another/,
    () => void (tls.DEFAULT_MIN_VERSION = 'TLSv1'),
  ],
  [
    'another order of addresses for all',
    /dns\.setDefaultResultOrder is another/,
    () => dns.setDefaultResultOrder('ipv6first'),
  ],
  [
    'a limit of listeners for all',
    /EventEmitter\.defaultMaxListeners is another/,
    () => void (EventEmitter.defaultMaxListeners = 99),
  ],
  ['shorter stacks for all', /Error\.stackTraceLimit is another/, () => void (Error.stackTraceLimit = 3)],
  ['an exit code', /process\.exitCode is another/, () => void (process.exitCode = 3)],
  [
    'a then of its own for every promise',
    /Promise\.prototype\.then is another/,
    () => {
      const { then } = Promise.prototype
      Promise.prototype.then = function own(...given) {
        return Reflect.apply(then, this, given)
      }
    },
  ],
  [
    'a console.debug of its own',
    /console\.debug is another/,
    () => void Reflect.set(console, 'debug', () => undefined),
  ],
  [
    'a TextDecoder of its own',
    /TextDecoder is another/,
    () => void Reflect.set(globalThis, 'TextDecoder', class extends TextDecoder {}),
  ],
]

export function breaksProcess(
  breaks: (promise: 'process-kept', name: string, run: () => Promise<void>) => void,
  suiteOf: (atCreate: () => void) => readonly ContractCase[],
): void {
  it('takes no exit code of a test runner, which another case has failed, for the provider’s', async () => {
    const before = process.exitCode
    const cases = suiteOf(() => void (process.exitCode = 1))
    try {
      await cases.find(({ name }) => name === 'the process is left as it was')!.run()
    } finally {
      process.exitCode = before
    }
  })
  for (const [name, message, change] of CHANGES)
    breaks('process-kept', name, () =>
      expectFailure(suiteOf(change), 'the process is left as it was', message),
    )
}
