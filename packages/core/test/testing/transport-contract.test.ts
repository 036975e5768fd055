import { connect } from 'node:net'
import { afterEach, describe } from 'vitest'
import type { TransportCall, TransportCallHandlers, TransportProvider } from '../../src/index.ts'
import {
  createFakeTransport,
  createRealClock,
  transportContract,
  type FakeTransport,
  type TransportContractOptions,
} from '../../src/testing/index.ts'
import { breaksTransportMemory } from './transport-memory-faults.ts'
import { createPlainLine, dialPlainLine, type PlainNetwork, plainNetworkOptions } from './plain-line.ts'
import { breaksTransportCarrier } from './transport-carrier-faults.ts'
import { farEndOf } from './fake-far-end.ts'
import { breaksHost, breaksWords, SECRET } from './host-faults.ts'
import { type Breaks, createPromiseTable } from './promise-table.ts'
import { expectFailure, passesAll, PATIENT, QUICK } from './suite-failures.ts'

const never = () => new Promise<never>(() => {})
const leaks: NodeJS.Timeout[] = []
afterEach(() => leaks.splice(0).forEach((timer) => clearInterval(timer)))

const options = (
  change: (provider: TransportProvider) => TransportProvider = (provider) => provider,
): TransportContractOptions => ({ ...QUICK, create: () => change(createPlainLine()), dial: dialPlainLine })

/** The same call with parts replaced; getters stay getters. */
function override(call: TransportCall, parts: Partial<TransportCall>): TransportCall {
  return Object.defineProperties(
    Object.create(call) as TransportCall,
    Object.getOwnPropertyDescriptors(parts),
  )
}

/** The same transport whose every call is changed. */
const withCall =
  (change: (call: TransportCall) => Partial<TransportCall>) =>
  (provider: TransportProvider): TransportProvider => ({
    ...provider,
    attach: (host) =>
      provider.attach({
        ...host,
        onCall: (call, place) => host.onCall(override(call, change(call)), place),
      }),
  })

/** The same transport whose every event is changed. */
const withEvents = (change: (to: TransportCallHandlers) => Partial<TransportCallHandlers>) =>
  withCall((call) => ({ open: (to) => call.open({ ...to, ...change(to) }) }))

/** A line of a network that carries values, puts callers through and calls people. */
function wholeOptions(
  change: (provider: TransportProvider) => TransportProvider = (provider) => provider,
): TransportContractOptions {
  const network: PlainNetwork = { putThroughTo: undefined, placed: undefined }
  return { ...QUICK, ...plainNetworkOptions(network), create: () => change(createPlainLine(network)) }
}

const fails = (
  change: (provider: TransportProvider) => TransportProvider,
  caseName: string,
  message: RegExp,
) => expectFailure(transportContract(options(change)), caseName, message)

const { breaks, hasNoHole } = createPromiseTable('transport')

describe('the transport suite passes on a line with a real socket', () => {
  passesAll(transportContract({ ...options(), ...PATIENT }))
})

describe('the transport suite passes on a line of a network that does all', () => {
  const known = new Set(transportContract(options()).map(({ name }) => name))
  const more = ['handed over', 'placed', 'turned away', 'params']
  const cases = transportContract({ ...wholeOptions(), ...PATIENT })
  passesAll(cases.filter(({ name }) => !known.has(name) || more.some((word) => name.includes(word))))
})

describe('the transport suite passes on the fake transport', () => {
  let fake: FakeTransport | undefined
  passesAll(
    transportContract({
      ...PATIENT,
      create: () => (fake = createFakeTransport({ clock: createRealClock() })).provider,
      dial: async () => farEndOf(await fake!.dial()),
    }),
  )
})

const WHOLE: TransportContractOptions = { ...wholeOptions(), secrets: [SECRET], numbers: ['+15550100'] }

/** Faults of attach, of reasons, and those that a provider of any kind may have. */
function breaksLine(breaks: Breaks<'transport'>): void {
  breaks('quiet-attach', 'a server of its own that attach opens', () =>
    fails(
      (provider) => ({
        ...provider,
        attach(host) {
          provider.attach(host)
          connect(9, '127.0.0.1')
            .on('error', () => undefined)
            .destroy()
        },
      }),
      'attach opens nothing',
      /attach to open nothing; it opened .*TCPWRAP/,
    ),
  )
  breaks('reason', 'a caller who hung up told as a fault of the line', () =>
    fails(
      withEvents((to) => ({ onHangUp: () => to.onHangUp('transport-error') })),
      'the far end hangs up',
      /the reason "caller"; it is "transport-error"/,
    ),
  )
  const suiteOf: Parameters<typeof breaksHost>[1] = (atCreate) =>
    transportContract({
      ...WHOLE,
      create(_url, context) {
        atCreate(context)
        return createPlainLine()
      },
    })
  breaksHost(breaks, suiteOf)
  breaksWords(breaks, suiteOf, '+15550100')
}

describe('the transport suite notices', () => {
  breaks('call', 'a call without an id', () =>
    fails(
      withCall(() => ({ id: '' })),
      'a call arrives',
      /a call id; it is ""/,
    ),
  )

  breaks('media', 'media out of order', () => {
    const swapped = withEvents((to) => {
      let first: Uint8Array | undefined
      return {
        onMedia(audio) {
          if (first === undefined) first = audio
          else {
            to.onMedia(audio)
            to.onMedia(first)
            first = undefined
          }
        },
      }
    })
    return fails(swapped, 'media arrives complete', /media as it was said, not|complete and in order/)
  })

  breaks('held', 'media that came before open and is lost', () =>
    fails(
      withCall((call) => {
        let handlers: TransportCallHandlers | undefined
        call.open({
          onMedia: (audio) => handlers?.onMedia(audio),
          onDtmf: (digit) => handlers?.onDtmf(digit),
          onMark: (name) => handlers?.onMark(name),
          onHangUp: (reason) => handlers?.onHangUp(reason),
        })
        return { open: (to) => void (handlers = to) }
      }),
      'nothing is delivered before open',
      /2080 bytes of media when open comes late, not 480/,
    ),
  )

  breaks('frames', 'a lent buffer that was kept', () =>
    fails(
      withCall((call) => ({ send: (frame) => void setImmediate(() => call.send(frame)) })),
      'frames reach the far end',
      /the agent's audio complete and in order when the buffer is overwritten/,
    ),
  )

  breaks('frames', 'frames lost on the way', () => {
    let sent = 0
    const lossy = withCall((call) => ({
      send: (frame) => {
        if (++sent % 10 !== 0) call.send(frame)
      },
    }))
    return fails(lossy, 'frames reach the far end', /4000 bytes at the far end .* not 3680/)
  })

  breaks('buffered', 'bufferedBytes that is no number', () =>
    fails(
      withCall(() => ({ bufferedBytes: undefined as unknown as number })),
      'bufferedBytes is a number',
      /it is undefined/,
    ),
  )

  breaks('marks', 'a mark that does not return', () =>
    fails(
      withEvents(() => ({ onMark: () => {} })),
      'a mark returns once',
      /three marks, not \[\]/,
    ),
  )

  breaks('marks', 'marks that return twice', () =>
    fails(
      withEvents((to) => ({
        onMark(name) {
          to.onMark(name)
          to.onMark(name)
        },
      })),
      'a mark returns once',
      /the marks first, second, third; they are first, first/,
    ),
  )

  breaks('clear', 'a clear that is ignored', () =>
    fails(
      withCall(() => ({ clear: () => {} })),
      'clear returns the pending marks',
      /the mark after clear/,
    ),
  )

  breaks('keys', 'keys out of order', () => {
    const digits: string[] = []
    const reversed = withEvents((to) => ({
      onDtmf(digit) {
        digits.unshift(digit)
        if (digits.length === 4) for (const one of digits) to.onDtmf(one)
      },
    }))
    return fails(reversed, 'keys arrive in order', /the keys 1\*#0; they are 0#\*1/)
  })

  breaks('hang-up', 'a hang-up that is not told', () =>
    fails(
      withEvents(() => ({ onHangUp: () => {} })),
      'the far end hangs up',
      /onHangUp when the far end hangs up/,
    ),
  )

  breaks('hang-up', 'a hang-up that is told twice', () =>
    fails(
      withEvents((to) => ({
        onHangUp(reason) {
          to.onHangUp(reason)
          to.onHangUp('transport-error')
        },
      })),
      'the connection breaks',
      /exactly once when the connection breaks; it came 2 times/,
    ),
  )

  breaks('hang-up', 'an event after the hang-up', () =>
    fails(
      withEvents((to) => ({
        onHangUp(reason) {
          to.onHangUp(reason)
          to.onMark('left over')
        },
      })),
      'the far end hangs up',
      /to be the last event .*; then came: mark/,
    ),
  )

  breaks('ends-call', 'a hangUp that never resolves', () =>
    fails(
      withCall(() => ({ hangUp: never })),
      'hangUp ends the call',
      /hangUp to resolve within/,
    ),
  )

  breaks('ends-call', 'a hangUp that fails when called twice', () =>
    fails(
      withCall((call) => {
        let called = false
        return {
          async hangUp() {
            if (called) throw new Error('404: call not in progress')
            called = true
            await call.hangUp()
          },
        }
      }),
      'hangUp ends the call',
      /hangUp to resolve; it threw Error: 404/,
    ),
  )

  breaks('over', 'a send that throws after the end', () =>
    fails(
      withCall((call) => {
        let over = false
        return {
          open: (to) =>
            call.open({
              ...to,
              onHangUp(reason) {
                over = true
                to.onHangUp(reason)
              },
            }),
          send(frame) {
            if (over) throw new Error('write after end')
            call.send(frame)
          },
        }
      }),
      'send, mark and clear do nothing',
      /one threw Error: write after end/,
    ),
  )

  breaks('apart', 'calls with one id', () =>
    fails(
      withCall(() => ({ id: 'call' })),
      'two calls at once',
      /two ids; both are call/,
    ),
  )

  breaks('apart', 'calls that share their handlers', () => {
    let first: TransportCallHandlers | undefined
    const shared = withCall((call) => ({ open: (to) => call.open((first ??= to)) }))
    return fails(shared, 'two calls at once', /onHangUp|media|go on/)
  })

  breaks('refused', 'a call that is put through though the host refuses', () =>
    fails(
      (provider) => ({
        ...provider,
        attach: (host) => provider.attach({ ...host, admit: (call) => host.admitPromised(call) }),
      }),
      'a call that the host refuses never reaches the core (refuse)',
      /no onCall while the host refuses|a refused call to end/,
    ),
  )

  breaks('place', 'a second place for a call that has one', () =>
    fails(
      (provider) => ({
        ...provider,
        attach: (host) =>
          provider.attach({
            ...host,
            onCall(call) {
              host.onCall(call, host.admitPromised({ id: call.id }))
            },
          }),
      }),
      'a call takes the place',
      /no place kept beside that of the call; 1 are kept/,
    ),
  )

  breaks('closes', 'a close that forgets running calls', () => {
    const forgetful = (provider: TransportProvider): TransportProvider => {
      let times = 0
      // The second close is the suite's own tidying up.
      return { ...provider, close: async () => (times++ === 0 ? undefined : provider.close()) }
    }
    return fails(forgetful, 'close ends the calls', /onHangUp when the transport closes/)
  })

  breaks('nothing-left', 'a timer left open', () =>
    fails(
      withCall(() => {
        leaks.push(setInterval(() => {}, 1000))
        return {}
      }),
      'nothing is left open',
      /still open: 3 Timeout/,
    ),
  )

  breaks('stray-errors', 'a throw out of a socket handler', () =>
    fails(
      withEvents(() => ({
        onMedia() {
          throw new Error('unexpected payload')
        },
      })),
      'media arrives complete',
      /threw out of an event handler: Error: unexpected payload/,
    ),
  )

  breaksLine(breaks)
  breaksTransportMemory(breaks, withCall, fails)
  breaksTransportCarrier(breaks, withCall, (change, caseName, message) =>
    expectFailure(transportContract(wholeOptions(change)), caseName, message),
  )
})

describe('the transport suite', () => hasNoHole(transportContract(WHOLE)))
