import { execSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { afterEach } from 'vitest'
import type { PluginContext } from '../../src/index.ts'
import type { ContractCase } from '../../src/testing/index.ts'
import { expectFailure } from './suite-failures.ts'

export const SECRET = 'sk-very-secret'

/** What a provider does at fault when it is made; all else it does well. */
type AtCreate = (context: PluginContext) => void

type HostFault = 'quiet-create' | 'process-kept' | 'clock-timers' | 'secrets' | 'nothing-left'

const leaks: NodeJS.Timeout[] = []
afterEach(() => leaks.splice(0).forEach((timer) => clearTimeout(timer)))

/** The faults that a provider of any kind may have. */
export function breaksHost(
  breaks: (promise: HostFault, name: string, run: () => Promise<void>) => void,
  suiteOf: (atCreate: AtCreate) => readonly ContractCase[],
): void {
  const fails = (caseName: string, message: RegExp, atCreate: AtCreate) =>
    expectFailure(suiteOf(atCreate), caseName, message)
  const quiet = 'create opens nothing'

  breaks('quiet-create', 'a connection that create opens', () =>
    fails(quiet, /it opened .*TCPWRAP/, () => {
      connect(9, '127.0.0.1')
        .on('error', () => undefined)
        .destroy()
    }),
  )
  breaks('quiet-create', 'a file that create reads at once', () =>
    fails(quiet, /it opened a file \(readFileSync of /, () => void readFileSync(import.meta.filename)),
  )
  breaks('quiet-create', 'a file that create reads later', () =>
    fails(quiet, /it opened .*FSREQPROMISE/, () => void readFile(import.meta.filename)),
  )
  breaks('quiet-create', 'a timer that create starts', () =>
    fails(
      quiet,
      /it opened a timer \(.*host-faults/,
      () => void leaks.push(setInterval(() => {}, 1000).unref()),
    ),
  )
  breaks('quiet-create', 'a look at a file that create takes', () =>
    fails(quiet, /it opened a file \(existsSync of /, () => void existsSync(import.meta.filename)),
  )
  breaks('quiet-create', 'a program that create runs', () =>
    fails(quiet, /it opened a process \(execSync of true\)/, () => void execSync('true')),
  )
  const kept = 'the process is left as it was'
  const listen = () => undefined
  breaks('process-kept', 'a listener of the process for every provider', () =>
    fails(kept, /there is one more for "SIGWINCH"/, () => void process.on('SIGWINCH', listen)).finally(() =>
      process.removeAllListeners('SIGWINCH'),
    ),
  )
  breaks('process-kept', 'a fetch of its own for everybody', () =>
    fails(kept, /fetch is another/, () => {
      const { fetch } = globalThis
      globalThis.fetch = (...args) => fetch(...args)
    }),
  )
  breaks('process-kept', 'a prototype with something more', () =>
    fails(
      kept,
      /the prototype of Array is another/,
      () => void Object.assign(Array.prototype, { last: 1 }),
    ).finally(() => void Reflect.deleteProperty(Array.prototype, 'last')),
  )
  breaks('process-kept', 'TLS that is not checked, for everybody', () =>
    fails(kept, /NODE_TLS_REJECT_UNAUTHORIZED is another/, () => {
      process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0'
    }),
  )
  breaks('secrets', 'a key in base64', () =>
    fails('no secret is in an error', /no secret in the fields/, ({ log }) =>
      log.info({ sent: `Basic ${Buffer.from(`user:${SECRET}`).toString('base64')}` }, 'made'),
    ),
  )
  breaks('secrets', 'a key in hexadecimal', () =>
    fails('no secret is in an error', /no secret in the fields/, ({ log }) =>
      log.info({ sent: Buffer.from(SECRET).toString('hex').toUpperCase() }, 'made'),
    ),
  )
  breaks('secrets', 'a key backwards', () =>
    fails('no secret is in an error', /no secret in a log message/, ({ log }) =>
      log.info({}, `made by ${[...SECRET].reverse().join('')}`),
    ),
  )
  breaks('secrets', 'a key that is printed', () =>
    fails('no secret is in an error', /no secret in what was printed/, () => console.debug(`key ${SECRET}`)),
  )
  breaks('clock-timers', 'a timer that waits on the clock after close', () =>
    fails('close leaves no timer waiting', /no timer on the clock after close, not 1/, ({ clock }) => {
      clock.after(600, () => undefined)
    }),
  )
  breaks('secrets', 'a key in a field of the log', () =>
    fails('no secret is in an error', /no secret in the fields of the log line "made"/, ({ log }) =>
      log.child({ headers: { authorization: `Bearer ${SECRET}` } }).debug({}, 'made'),
    ),
  )
  breaks('secrets', 'a key in an error that is logged under "private"', () =>
    fails('no secret is in an error', /no secret in the fields/, ({ log }) =>
      log.warn({ private: { err: new Error('no', { cause: new Error(`GET /?key=${SECRET}`) }) } }, 'failed'),
    ),
  )
  breaks('secrets', 'a key in a label of a metric', () =>
    fails('no secret is in an error', /no secret in the metric made_total/, ({ metrics }) =>
      metrics.count('made_total', 1, { key: SECRET }),
    ),
  )
  breaks('nothing-left', 'a timer left behind that keeps no process alive', () =>
    fails('nothing is left open', /a timer that keeps no process alive \(.*host-faults/, () => {
      leaks.push(setTimeout(() => {}, 60_000).unref())
    }),
  )
}

/** The faults that a provider of any kind may have that is told `words`. */
export function breaksWords(
  breaks: (promise: 'private-words', name: string, run: () => Promise<void>) => void,
  suiteOf: (atCreate: AtCreate) => readonly ContractCase[],
  words: string,
): void {
  const fails = (message: RegExp, atCreate: AtCreate) =>
    expectFailure(suiteOf(atCreate), 'what was said is logged', message)
  breaks('private-words', 'words in a log message', () =>
    fails(/no words of the conversation in a log message/, ({ log }) => log.info({}, `heard: ${words}`)),
  )
  breaks('private-words', 'words in a field of the log', () =>
    fails(/no words of the conversation in the fields of the log line "heard"/, ({ log }) =>
      log.info({ text: words }, 'heard'),
    ),
  )
  breaks('private-words', 'words in capital letters', () =>
    fails(/no words of the conversation in a log message/, ({ log }) =>
      log.info({}, `heard: ${words.toUpperCase()}`),
    ),
  )
  breaks('private-words', 'words in an address', () =>
    fails(/no words of the conversation in the fields of the log line "asked"/, ({ log }) =>
      log.info({ url: `http://127.0.0.1/say?text=${encodeURIComponent(words)}` }, 'asked'),
    ),
  )
  breaks('private-words', 'words in a label of a metric', () =>
    fails(/no words of the conversation in the metric heard_total/, ({ metrics }) =>
      metrics.count('heard_total', 1, { words }),
    ),
  )
}
