import { ProviderError, type RealtimeEvent, type RealtimeProvider } from '../../src/index.ts'
import {
  createFakeRealtime,
  createRealClock,
  realtimeContract,
  type RealtimeContractOptions,
} from '../../src/testing/index.ts'
import { breaksHost, breaksWords, SECRET } from './host-faults.ts'
import type { Breaks } from './promise-table.ts'
import { expectFailure } from './suite-failures.ts'
import { createToyTalker, losesReply, realtimeOptions } from './toy-talker.ts'

type Change = (provider: RealtimeProvider) => RealtimeProvider
type Open = RealtimeProvider['openSession']

const withOptions =
  (given: Partial<Parameters<Open>[0]>): Change =>
  (provider) => ({ ...provider, openSession: (options) => provider.openSession({ ...options, ...given }) })

const withEvents =
  (change: (event: RealtimeEvent) => readonly RealtimeEvent[]): Change =>
  (provider) => ({
    ...provider,
    async openSession(options) {
      const session = await provider.openSession(options)
      return {
        ...session,
        events: (async function* () {
          for await (const event of session.events) yield* change(event)
        })(),
      }
    },
  })

const fails = (change: Change, caseName: string, message: RegExp) =>
  expectFailure(realtimeContract(realtimeOptions(change)), caseName, message)

/** Each text word by word, as services send what is new; the last word alone where `isLastOnly`. */
const inPieces =
  (final: 'caller-final' | 'agent-final', text: string, isLastOnly = false): Change =>
  (provider) =>
    withEvents((event) => {
      const partial = final === 'caller-final' ? 'caller-partial' : 'agent-partial'
      if (event.type === partial) return []
      if (event.type !== final) return [event]
      const { itemId } = event
      const pieces = text.split(' ').map((word): RealtimeEvent => ({ type: partial, itemId, text: word }))
      return [...(isLastOnly ? pieces.slice(-1) : pieces), { ...event, text }]
    })(provider)

/** A session that dies of a cut, and throws then at whoever calls it. */
function throwsOnceCut(method: 'write' | 'say' | 'interrupt' | 'finish'): RealtimeProvider {
  const provider = losesReply(createToyTalker().provider, 'dies')
  return {
    ...provider,
    async openSession(options) {
      const session = await provider.openSession(options)
      let isOpen = true
      return {
        ...session,
        events: (async function* () {
          for await (const event of session.events) {
            if (event.type === 'reply-ended') isOpen = false
            yield event
          }
        })(),
        [method](given: never) {
          if (!isOpen) throw new Error('WebSocket is not open')
          session[method](given)
        },
      }
    },
  }
}

/** Whoever speaks into a line that has broken must not be thrown at. */
function breaksCalls(breaks: Breaks<'realtime'>): void {
  for (const method of ['write', 'say', 'interrupt', 'finish'] as const) {
    breaks('write-safe', `${method} that throws once the connection has broken`, () =>
      expectFailure(
        realtimeContract({ ...realtimeOptions(), createCut: () => throwsOnceCut(method) }),
        'a session that was cut throws at nothing',
        /nothing to throw once the connection has broken; it threw Error: WebSocket is not open/,
      ),
    )
  }
}

export function breaksRealtime(breaks: Breaks<'realtime'>): void {
  breaksCalls(breaks)
  const WHOLE = 'a partial is the whole text'
  breaks('partials', 'partials of the agent that are single words', () =>
    fails(inPieces('agent-final', 'You are welcome.'), WHOLE, /the last was "welcome\."/),
  )
  breaks('partials', 'a partial of the agent that is its last word alone', () =>
    fails(inPieces('agent-final', 'You are welcome.', true), WHOLE, /all words of its item so far/),
  )
  breaks('partials', 'partials of the caller that are single words', () =>
    fails(inPieces('caller-final', 'well hello there friend'), WHOLE, /the last was "friend"/),
  )
  breaks('reconnects', 'a session that ends with its connection', () =>
    expectFailure(
      realtimeContract({
        ...realtimeOptions(),
        createCutOnce: () => losesReply(createToyTalker().provider, 'dies'),
      }),
      'a session that was cut goes on',
      /the events ended without it|ProviderError|cut/,
    ),
  )
  breaks('reconnects', 'a session that forgets the answer that it owes', () =>
    expectFailure(
      realtimeContract({
        ...realtimeOptions(),
        createCutOnce: () => losesReply(createToyTalker().provider, 'forgets'),
      }),
      'a session that was cut goes on',
      /"reply-ended" within/,
    ),
  )
  breaks('silence', 'zero bytes as silence', () =>
    fails(
      withEvents((event) =>
        event.type === 'audio' ? [event, { ...event, audio: new Uint8Array(160) }] : [event],
      ),
      'a turn is heard',
      /silence in mulaw to be 0xff/,
    ),
  )
  breaks('usage', 'more tokens cached than went in', () =>
    fails(
      withEvents((event) =>
        event.type === 'reply-ended'
          ? [{ type: 'usage', inputTokens: 1, outputTokens: 1, cachedInputTokens: 2 }, event]
          : [event],
      ),
      'a turn is heard',
      /cached tokens among those that went in/,
    ),
  )
  breaks('idle-interrupt', 'an interruption of nothing that throws', () =>
    fails(
      (provider) => ({
        ...provider,
        async openSession(options) {
          const session = await provider.openSession(options)
          return {
            ...session,
            interrupt() {
              throw new Error('there is no reply')
            },
          }
        },
      }),
      'an interruption of nothing',
      /there is no reply/,
    ),
  )
  breaks('apart', 'sessions that share one', () => {
    const shared: Change = (provider) => {
      let first: ReturnType<Open> | undefined
      return { ...provider, openSession: (options) => (first ??= provider.openSession(options)) }
    }
    return fails(shared, 'two sessions at once', /the events ended without it|caller-final|go on/)
  })
  breaks('stalled', 'an abort of the opening that waits for the far end', () =>
    fails(
      withOptions({ signal: new AbortController().signal }),
      'an abort and a close need no answer',
      /openSession to settle after an abort/,
    ),
  )
  breaks('cut', 'a reply that is told as done when it is cut', () =>
    fails(
      withEvents((event) => (event.type === 'reply-ended' ? [{ ...event, reason: 'done' }] : [event])),
      'a reply that is cut',
      /to be lost or failed; it is "done"/,
    ),
  )
  breaks('instructions', 'instructions that are ignored', () =>
    fails(
      withOptions({ instructions: 'Be kind.' }),
      'instructions and language',
      /the instructions to reach/,
    ),
  )
  breaks('instructions', 'instructions that are not there at all', () =>
    expectFailure(
      realtimeContract({
        ...realtimeOptions(),
        receivedOptions: () => ({ instructions: undefined }),
      }),
      'instructions and language',
      /the instructions to reach the far side; it got none/,
    ),
  )
  breaks('language', 'a language that is ignored', () =>
    fails(withOptions({ language: 'en-US' }), 'instructions and language', /the language de-DE to reach/),
  )
  breaks('stray-errors', 'a throw out of an event handler', () =>
    fails(
      (provider) => ({
        ...provider,
        async openSession(options) {
          const session = await provider.openSession(options)
          return {
            ...session,
            close() {
              setImmediate(() => {
                throw new Error('the socket is closed')
              })
              return session.close()
            },
          }
        },
      }),
      'nothing is delivered after close',
      /threw out of an event handler: Error: the socket is closed/,
    ),
  )
  breaksFaults(breaks)
}

function breaksFaults(breaks: Breaks<'realtime'>): void {
  const failing = (error: Error): RealtimeContractOptions => ({
    ...realtimeOptions(),
    createFailing: () => createFakeRealtime({ clock: createRealClock(), opening: [{ error }] }).provider,
  })
  breaks('fault-class', 'a refused key that is told as a network fault', () =>
    expectFailure(
      realtimeContract(failing(new ProviderError('network', 'HTTP 401'))),
      'a fault is of the class',
      /a fault of class "auth"; it is "network": HTTP 401/,
    ),
  )
  breaks('secrets', 'a key in an error', () =>
    expectFailure(
      realtimeContract(failing(new ProviderError('auth', `?key=${SECRET}`))),
      'no secret is in an error',
      /no secret in an error/,
    ),
  )
  const suiteOf: Parameters<typeof breaksHost>[1] = (atCreate) => {
    const options = realtimeOptions()
    return realtimeContract({
      ...options,
      create(context) {
        atCreate(context)
        return options.create(context)
      },
    })
  }
  breaksHost(breaks, suiteOf)
  breaksWords(breaks, suiteOf, 'hello there')
}
