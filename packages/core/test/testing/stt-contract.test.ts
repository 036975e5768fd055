import { afterEach, describe } from 'vitest'
import type { SttEvent, SttProvider } from '../../src/index.ts'
import { sttContract } from '../../src/testing/index.ts'
import { breaksSttEndings } from './ending-faults.ts'
import { breaksSttMemory } from './memory-faults.ts'
import { createPromiseTable } from './promise-table.ts'
import { expectFailure, passesAll, PATIENT } from './suite-failures.ts'
import { breaksStt } from './stt-faults.ts'
import { wholeSttOptions } from './whole-stt.ts'
import { sttOptions, withSession } from './word-recogniser.ts'

const never = () => new Promise<never>(() => {})
const leaks: NodeJS.Timeout[] = []
afterEach(() => leaks.splice(0).forEach((timer) => clearInterval(timer)))

/** The session's own events, then others, whether it was closed or not. */
async function* followedBy(
  events: AsyncIterable<SttEvent>,
  more: readonly SttEvent[],
): AsyncGenerator<SttEvent> {
  yield* events
  yield* more
}

const fails = (change: (provider: SttProvider) => SttProvider, caseName: string, message: RegExp) =>
  expectFailure(sttContract(sttOptions(change)), caseName, message)

const { breaks, hasNoHole } = createPromiseTable('stt')

describe('the stt suite passes on a good recogniser', () => {
  passesAll(sttContract({ ...wholeSttOptions(), ...PATIENT }))
})

describe('the stt suite passes when cases share one recogniser', () => {
  passesAll(sttContract({ ...sttOptions(), ...PATIENT, isolated: false }))
})

describe('the stt suite notices', () => {
  breaks('formats', 'a recogniser that does not take the format', () =>
    fails((provider) => ({ ...provider, accepts: [] }), 'accepts the format', /accepts to list mulaw\/8000/),
  )

  breaks('words', 'a recogniser that hears nothing', () =>
    fails(
      withSession(() => ({ write: () => {} })),
      'known speech comes back',
      /finals that match .*; they say ""/,
    ),
  )

  breaks('last-word', 'a lost tail', () => {
    const wholeBatchesOnly = withSession((session) => {
      let rest: Uint8Array = new Uint8Array(0)
      return {
        write(audio) {
          rest = Buffer.concat([rest, audio])
          const whole = rest.byteLength - (rest.byteLength % 640)
          session.write(rest.slice(0, whole))
          rest = rest.slice(whole)
        },
      }
    })
    return fails(wholeBatchesOnly, 'the last word survives', /they say "weasels have"/)
  })

  breaks('last-word', 'a tail lost only on the wire', () => {
    const options = sttOptions()
    const short = { ...options, received: async () => (await options.received!()).slice(0, 5990) }
    return expectFailure(sttContract(short), 'the last word survives', /far side to get all 6000 bytes/)
  })

  breaks('order', 'events in the wrong order', () =>
    fails(
      withSession((session) => ({
        events: followedBy(session.events, [{ type: 'final', text: 'more', endMs: 10 }]),
      })),
      'events are well formed, in order',
      /finals in the order of their audio/,
    ),
  )

  breaks('partial-final', 'a partial without its final', () =>
    fails(
      withSession((session) => ({ events: followedBy(session.events, [{ type: 'partial', text: 'and' }]) })),
      'events are well formed, in order',
      /a final after the last partial/,
    ),
  )

  breaks('offsets', 'an offset outside the audio', () =>
    fails(
      withSession((session) => ({
        events: followedBy(session.events, [{ type: 'final', text: 'more', endMs: 1e9 }]),
      })),
      'events are well formed, in order',
      /offsets within/,
    ),
  )

  breaks('finish-ends', 'finish that does not end the events', () =>
    fails(
      withSession(() => ({ finish: () => {} })),
      'finish without any audio',
      /events to end after finish within/,
    ),
  )

  breaks('close-quiet', 'an event after close', () =>
    fails(
      withSession((session) => ({ events: followedBy(session.events, [{ type: 'partial', text: 'late' }]) })),
      'no event is delivered after close',
      /these came: partial/,
    ),
  )

  breaks('close-resolves', 'events that go on after close', () =>
    fails(
      withSession((session) => ({
        async close() {
          session.finish()
        },
        finish: () => {},
        events: (async function* () {
          yield* session.events
          await never()
        })(),
      })),
      'close may be called twice',
      /events to end after close/,
    ),
  )

  breaks('close-quiet', 'unread events delivered after close', () =>
    fails(
      withSession(() => ({ close: async () => {} })),
      'events that were not read before close',
      /"partial" was delivered/,
    ),
  )

  breaks('close-resolves', 'close that throws when called twice', () =>
    fails(
      withSession((session) => {
        let closed = false
        return {
          close() {
            if (closed) return Promise.reject(new Error('already closed'))
            closed = true
            return session.close()
          },
        }
      }),
      'close may be called twice',
      /already closed/,
    ),
  )

  breaks('close-resolves', 'close that hangs', () =>
    fails(
      withSession(() => ({ close: never })),
      'a session whose events nobody reads',
      /close to resolve within/,
    ),
  )

  breaks('write-safe', 'write that throws after finish', () =>
    fails(
      withSession((session) => {
        let finished = false
        return {
          write(audio) {
            if (finished) throw new Error('stream has ended')
            session.write(audio)
          },
          finish() {
            finished = true
            session.finish()
          },
        }
      }),
      'write and finish do nothing',
      /after finish; one threw Error: stream has ended/,
    ),
  )

  breaks('lent', 'a lent buffer that was kept', () =>
    fails(
      withSession((session) => {
        const kept: Uint8Array[] = []
        return {
          write: (audio) => void kept.push(audio),
          finish() {
            for (const audio of kept) session.write(audio)
            session.finish()
          },
        }
      }),
      'a buffer is only lent',
      /finals that match/,
    ),
  )

  breaks('any-size', 'odd lengths mishandled', () =>
    fails(
      withSession((session) => ({
        write: (audio) => session.write(audio.subarray(0, audio.byteLength - (audio.byteLength % 2))),
      })),
      'writes of any size',
      /finals that match/,
    ),
  )

  breaks('apart', 'two sessions that share one state', () => {
    const shared = (provider: SttProvider): SttProvider => {
      let first: ReturnType<SttProvider['openSession']> | undefined
      return { ...provider, openSession: (options) => (first ??= provider.openSession(options)) }
    }
    return fails(shared, 'two sessions at once', /finals that match|events to end|written/)
  })

  breaks('abort-opening', 'an abort that is ignored while opening', () =>
    fails(
      (provider) => ({ ...provider, openSession: never }),
      'abort while opening',
      /openSession to settle after an abort/,
    ),
  )

  breaks('stray-errors', 'a rejection that nobody handles', () =>
    fails(
      withSession((session) => ({
        close() {
          void Promise.reject(new Error('socket hang up'))
          return session.close()
        },
      })),
      'a session whose events nobody reads',
      /nobody handled it: Error: socket hang up/,
    ),
  )

  breaks('stray-errors', 'a throw out of an event handler', () =>
    fails(
      withSession((session) => ({
        close() {
          setImmediate(() => {
            throw new Error('cannot read properties of undefined')
          })
          return session.close()
        },
      })),
      'close may be called twice',
      /threw out of an event handler: Error: cannot read/,
    ),
  )

  breaks('nothing-left', 'a timer left open', () =>
    fails(
      withSession(() => {
        leaks.push(setInterval(() => {}, 1000))
        return {}
      }),
      'nothing is left open',
      /still open: \d+ Timeout/,
    ),
  )

  breaks('fault', 'a fault that is a plain error', () =>
    fails(
      (provider) => ({ ...provider, openSession: () => Promise.reject(new TypeError('fetch failed')) }),
      'a fault is a ProviderError',
      /it was TypeError: fetch failed/,
    ),
  )

  breaks('recognize-abort', 'recognize that ignores an abort', () => {
    const onlyOnce = (provider: SttProvider): SttProvider => {
      let calls = 0
      return {
        ...provider,
        recognize: (audio, options) => (calls++ === 0 ? provider.recognize!(audio, options) : never()),
      }
    }
    return fails(onlyOnce, 'recognize, where there is one', /recognize to settle after an abort/)
  })

  breaks('words', 'an error thrown where none may be', () =>
    fails(
      (provider) => ({
        ...provider,
        openSession() {
          throw new TypeError('x is not a function')
        },
      }),
      'known speech comes back',
      /expected every call to succeed; it threw TypeError: x is not a function/,
    ),
  )

  breaks('closes', 'a provider that does not close', () =>
    fails(
      (provider) => ({ ...provider, close: never }),
      'the provider closes',
      /provider.close to resolve within/,
    ),
  )

  breaksStt(breaks)
  breaksSttMemory(breaks)
  breaksSttEndings(breaks)
})

describe('the stt suite', () => hasNoHole(sttContract(wholeSttOptions())))
