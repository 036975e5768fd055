import { afterEach, describe } from 'vitest'
import { createOneNodeDirectory } from '../../src/host.ts'
import type { CallDirectory } from '../../src/index.ts'
import {
  callDirectoryContract,
  type CallDirectoryContractOptions,
  createFakeClock,
  testContext,
} from '../../src/testing/index.ts'

import { createPromiseTable } from './promise-table.ts'
import { expectFailure, passesAll, PATIENT, QUICK } from './suite-failures.ts'

const leaks: NodeJS.Timeout[] = []
afterEach(() => leaks.splice(0).forEach((timer) => clearInterval(timer)))

type Change = (node: CallDirectory) => Partial<CallDirectory>

/** One-node directories on one clock, each changed; two of them know nothing of each other. */
function options(nodes: 1 | 2, change: Change = () => ({})): CallDirectoryContractOptions {
  return {
    ...QUICK,
    nodes,
    create() {
      const fake = createFakeClock()
      const opened = ['one', 'two'].slice(0, nodes).map((node) => {
        const directory = createOneNodeDirectory({ ...testContext({ clock: fake.clock }), node })
        return { ...directory, ...change(directory) }
      })
      return {
        nodes: opened,
        pass: (ms) => fake.advance(ms),
        close: async () => void (await Promise.all(opened.map((node) => node.close()))),
      }
    },
  }
}

const fails = (change: Change, caseName: string, message: RegExp) =>
  expectFailure(callDirectoryContract(options(1, change)), caseName, message)

const failsApart = (caseName: string, message: RegExp) =>
  expectFailure(callDirectoryContract(options(2)), caseName, message)

const { breaks, hasNoHole } = createPromiseTable('call-directory')

describe('the call directory suite passes on the directory of one node', () => {
  passesAll(callDirectoryContract({ ...options(1), ...PATIENT }))
})

describe('the call directory suite notices', () => {
  breaks('place', 'a promised call that is shown as running', () =>
    fails(({ add }) => ({ claim: (call) => add(call) }), 'a claimed call is promised', /"state":"promised"/),
  )

  breaks('place', 'a call whose number is not told', () =>
    fails(
      ({ claim }) => ({ claim: ({ id, pipeline }, limits) => claim({ id, pipeline }, limits) }),
      'a claimed call is promised',
      /"number":"\+15550100"/,
    ),
  )

  breaks('running', 'a place that cannot be released', () =>
    fails(
      ({ add }) => ({
        add(call) {
          add(call)
          return { running: () => undefined, release: () => undefined }
        },
      }),
      'a call that was not promised here',
      /call CA 1\/ä to be gone/,
    ),
  )

  breaks('former-place', 'a former place that still releases', () => {
    const shared = (node: CallDirectory): Partial<CallDirectory> => ({
      claim(call, limits) {
        void node.claim(call, limits)
        return { running: () => void node.add(call), release: () => node.add(call).release() }
      },
    })
    return fails(shared, 'a call that has a place gets it again', /"state":"running"/)
  })

  breaks('limits', 'a limit that is off by one', () =>
    fails(
      ({ claim }) => ({ claim: (call, limits) => claim(call, { ...limits, maxCalls: limits.maxCalls + 1 }) }),
      'the last place is given once',
      /CA3 to be refused; it has a place/,
    ),
  )

  breaks('number-limit', 'a limit of a number that counts all', () =>
    fails(
      ({ claim }) => ({
        claim: (call, { maxCalls, maxCallsOfNumber }) =>
          claim(call, { maxCalls: maxCalls || maxCallsOfNumber, maxCallsOfNumber }),
      }),
      'a number has its own limit',
      /it was by fleet/,
    ),
  )

  breaks('no-limit', 'a limit of 0 that is one', () =>
    fails(
      ({ claim }) => ({ claim: (call) => claim(call, { maxCalls: 1, maxCallsOfNumber: 0 }) }),
      '0 is no limit',
      /expected a place for CA2; it was refused/,
    ),
  )

  breaks('limits', 'claims that are judged by what was free when they were made', () =>
    fails(
      ({ claim, state, add }) => ({
        async claim(call, limits) {
          const free = limits.maxCalls === 0 || state().promised < limits.maxCalls
          await Promise.resolve()
          return free ? add(call) : claim(call, limits)
        },
      }),
      'of many claims at once',
      /5 places to be given; 40 were/,
    ),
  )

  breaks('watch', 'a watcher that is told of promises', () =>
    fails(
      (node) => ({
        claim(call, limits) {
          node.add(call).release()
          return node.claim(call, limits)
        },
      }),
      'watchers hear of running calls alone',
      /it was told began CA0/,
    ),
  )

  breaks('watch', 'a watcher that cannot stop', () =>
    fails(
      ({ watch }) => ({
        watch(listener) {
          watch(listener)
          return () => undefined
        },
      }),
      'watchers hear of running calls alone',
      /nothing to be told after the end/,
    ),
  )

  breaks('command', 'a handler that is never asked', () =>
    fails(({ onCommand }) => ({ onCommand: () => onCommand(() => 'done') }), 'a command is done', /"done"/),
  )

  breaks('command-fault', 'faults of commands that are all one', () =>
    fails(
      () => ({ command: async () => ({ answered: false, why: 'failed', message: '' }) }),
      'what stands in the way',
      /expected unknown-call/,
    ),
  )

  breaks('command-fault', 'a command that waits longer than it may', () =>
    fails(
      ({ command }) => ({
        command: (asked, timeoutMs) => command(asked, asked.name === 'hang' ? timeoutMs * 1000 : timeoutMs),
      }),
      'what stands in the way',
      /the command to settle/,
    ),
  )

  breaks('once', 'a key that may be used again', () =>
    fails(() => ({ once: () => true }), 'a key is used once', /true,true/),
  )

  breaks('once-bound', 'a key that is remembered too long', () =>
    fails(
      ({ once }) => ({ once: (key, forMs) => once(key, Math.min(forMs, 1000)) }),
      'a key that is to be remembered',
      /a RangeError for 3600001 ms/,
    ),
  )

  breaks('pace', 'a pace that lets all go', () =>
    fails(() => ({ pace: () => ({ go: true }) }), 'so many go at once', /it is true,true,true,true/),
  )

  breaks('pace', 'a pace that is earned too fast', () =>
    fails(
      ({ pace }) => ({
        pace: (key, { burst, perSecond }) => pace(key, { burst, perSecond: perSecond * 1e6 }),
      }),
      'so many go at once',
      /the next to wait again/,
    ),
  )

  breaks('notice', 'a notice that is no JSON and taken', () =>
    fails(() => ({ tell: () => true }), 'a notice is taken', /no room for what is no JSON/),
  )

  breaks('state', 'a state that is cut off', () =>
    fails(
      ({ state }) => ({ state: () => ({ ...state(), connected: false }) }),
      'the state names the node',
      /"connected":false/,
    ),
  )

  breaks('end', 'an end that leaves calls', () =>
    fails(() => ({ close: async () => undefined }), 'the end ends the places', /it was told began CA1/),
  )

  breaks('watch-throws', 'a watcher that disturbs the others', () =>
    fails(
      ({ watch }) => {
        const listeners = new Set<Parameters<typeof watch>[0]>()
        watch((event) => listeners.forEach((listener) => listener(event)))
        return {
          watch(listener) {
            listeners.add(listener)
            return () => listeners.delete(listener)
          },
        }
      },
      'a watcher that throws',
      /disturbs|throws|to be told|told/,
    ),
  )
  breaks('nothing-left', 'a timer left open', () =>
    fails(
      () => {
        leaks.push(setInterval(() => {}, 1000))
        return {}
      },
      'nothing is left open',
      /still open: \d+ Timeout/,
    ),
  )
})

describe('the call directory suite notices two nodes that know nothing of each other', () => {
  breaks('fleet', 'a last place given twice', () =>
    failsApart('a place that one node has given', /CA2 to be refused/),
  )
  breaks('fleet', 'a number counted by each', () => failsApart('a number is counted', /CA2 to be refused/))
  breaks('fleet', 'a call that counts twice', () =>
    failsApart('a call that comes to another node', /"node":"two"/),
  )
  breaks('fleet', 'a call with two places', () =>
    failsApart('a call that is claimed at two nodes', /"node":"one"/),
  )
  breaks('fleet', 'calls that are told here alone', () =>
    failsApart('watchers of every node', /not only at one/),
  )
  breaks('fleet', 'commands that find nobody', () => failsApart('a command reaches', /not only at one/))
  breaks('fleet', 'keys used at each', () => failsApart('a key that was used at one node', /true,true,true/))
  breaks('fleet', 'a pace for each', () => failsApart('all nodes have one pace', /4 of 6 to go; 6 do/))
  breaks('state', 'nodes that are not counted', () =>
    failsApart('the state names the node', /connected to 2/),
  )
})

describe('the call directory suite', () => hasNoHole(callDirectoryContract(options(2))))
