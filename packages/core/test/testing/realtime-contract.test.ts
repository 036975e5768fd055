import { describe } from 'vitest'
import {
  ProviderError,
  type RealtimeEvent,
  type RealtimeProvider,
  type RealtimeSession,
} from '../../src/index.ts'
import { realtimeContract } from '../../src/testing/index.ts'
import { breaksRealtime } from './realtime-faults.ts'
import { breaksRealtimeMemory } from './realtime-memory-faults.ts'
import { breaksRealtimeEndings } from './ending-faults.ts'
import { createPromiseTable } from './promise-table.ts'
import { expectFailure, passesAll, PATIENT } from './suite-failures.ts'
import { realtimeOptions } from './toy-talker.ts'

type Change = (provider: RealtimeProvider) => RealtimeProvider

const fails = (change: Change, caseName: string, message: RegExp) =>
  expectFailure(realtimeContract(realtimeOptions(change)), caseName, message)

/** The provider with its sessions changed. */
const withSession =
  (change: (session: RealtimeSession) => Partial<RealtimeSession>): Change =>
  (provider) => ({
    ...provider,
    async openSession(options) {
      const session = await provider.openSession(options)
      return { ...session, ...change(session) }
    },
  })

const withEvents = (change: (event: RealtimeEvent) => readonly RealtimeEvent[]) =>
  withSession(({ events }) => ({
    events: (async function* () {
      for await (const event of events) yield* change(event)
    })(),
  }))

const without = (type: RealtimeEvent['type']) => withEvents((event) => (event.type === type ? [] : [event]))

const { breaks, hasNoHole } = createPromiseTable('realtime')

describe('the realtime suite passes on a good model', () => {
  passesAll(realtimeContract({ ...realtimeOptions(), ...PATIENT }))
})

describe('the realtime suite passes on a model that is told the ends of turns', () => {
  passesAll(realtimeContract({ ...realtimeOptions(undefined, { detectsTurns: false }), ...PATIENT }))
})

describe('the realtime suite notices', () => {
  breaks('formats', 'a model that does not carry the format', () =>
    fails((provider) => ({ ...provider, formats: [] }), 'carries the format', /formats to list mulaw\/8000/),
  )

  breaks('hears', 'a model that hears nothing', () =>
    fails(
      withSession(() => ({ write: () => undefined })),
      'a turn is heard',
      /"reply-ended" within/,
    ),
  )

  breaks('hears', 'a caller who is not written down', () =>
    fails(without('caller-final'), 'a turn is heard', /"caller-final"/),
  )

  breaks('answers', 'an agent who is not written down', () =>
    fails(without('agent-final'), 'a turn is heard', /"agent-final"/),
  )

  breaks('replies', 'a reply that is never ended', () =>
    fails(without('reply-ended'), 'say is spoken', /"reply-ended" within/),
  )

  breaks('replies', 'a reply that is ended twice', () =>
    fails(
      withEvents((event) => (event.type === 'reply-ended' ? [event, event] : [event])),
      'a turn is heard',
      /reply-ended once/,
    ),
  )

  breaks('replies', 'a reply that was never begun', () =>
    fails(without('reply-started'), 'a turn is heard', /audio within a reply/),
  )

  breaks('replies', 'audio outside of a reply', () =>
    fails(
      withEvents((event) =>
        event.type === 'reply-ended'
          ? [event, { type: 'audio', itemId: 'late', audio: new Uint8Array(160) }]
          : [event],
      ),
      'say is spoken',
      /audio within a reply/,
    ),
  )

  breaks('partials', 'partials that are pieces', () =>
    fails(
      withEvents((event) =>
        event.type === 'agent-partial' ? [event, { ...event, text: event.text.slice(-4) }] : [event],
      ),
      'a turn is heard',
      /whole text so far/,
    ),
  )

  breaks('offsets', 'offsets outside of the audio', () =>
    fails(
      withEvents((event) => [event.type === 'speech-started' ? { ...event, atMs: 60_000 } : event]),
      'a turn is heard',
      /offsets within the audio/,
    ),
  )

  breaks('interrupt', 'an interruption that is ignored', () =>
    fails(
      withSession(() => ({ interrupt: () => undefined })),
      'an interruption ends',
      /no audio after an interruption|the reply to end after an interruption/,
    ),
  )

  breaks('lent', 'a buffer that is kept', () =>
    fails(
      withSession((session) => {
        const kept: Uint8Array[] = []
        return {
          write(audio) {
            kept.push(audio)
            if (kept.length === 3) for (const one of kept.splice(0)) session.write(one)
          },
        }
      }),
      'a buffer is only lent',
      /byte for byte|"caller-final"/,
    ),
  )

  breaks('say', 'words of the host that are not said', () =>
    fails(
      withSession(() => ({ say: () => undefined })),
      'say is spoken',
      /"reply-ended" within/,
    ),
  )

  breaks('tools', 'a tool’s result that is lost', () =>
    fails(
      withSession(() => ({ toolResult: () => undefined })),
      'a tool is called',
      /"agent-final" within/,
    ),
  )

  breaks('keys', 'keys that nobody answers', () =>
    fails(
      withSession(() => ({ enter: () => undefined })),
      'keys that are entered are a turn',
      /"reply-ended" within/,
    ),
  )

  breaks('keys', 'keys that do not get there', () =>
    expectFailure(
      realtimeContract({ ...realtimeOptions(), receivedText: () => 'nothing of the kind' }),
      'keys that are entered are a turn',
      /the keys 4711/,
    ),
  )

  breaks('keys', 'keys that cut off what is being said', () =>
    fails(
      withSession((session) => ({
        enter(keys) {
          session.interrupt()
          session.enter!(keys)
        },
      })),
      'keys that are entered while a reply is made',
      /reply 1 to be done; it is interrupted/,
    ),
  )

  breaks('notes', 'a note that is answered', () =>
    fails(
      withSession((session) => ({ note: (text) => session.say(text) })),
      'a note starts no reply',
      /no reply to a note; 2 replies came/,
    ),
  )

  breaks('notes', 'a note that does not get there', () =>
    expectFailure(
      realtimeContract({ ...realtimeOptions(), receivedText: () => 'nothing of the kind' }),
      'a note starts no reply',
      /the note Be kind/,
    ),
  )

  breaks('resume', 'a reply that is not gone on with', () =>
    fails(
      withSession(() => ({ resume: () => undefined })),
      'a reply that a noise stopped',
      /"reply-ended" within/,
    ),
  )

  breaks('resume', 'a reply that is gone on with twice', () =>
    fails(
      withSession((session) => ({
        resume() {
          session.resume!()
          session.say('And again.')
        },
      })),
      'a reply that a noise stopped',
      /one reply more; 3 came/,
    ),
  )

  breaks('close-quiet', 'keys that throw after close', () =>
    fails(
      withSession((session) => {
        let closed = false
        return {
          close() {
            closed = true
            return session.close()
          },
          enter() {
            if (closed) throw new Error('nobody is there')
          },
        }
      }),
      'nothing is delivered after close',
      /nobody is there/,
    ),
  )

  breaks('late-results', 'a result that is forgotten with the reply that was interrupted', () =>
    fails(
      withSession((session) => {
        let interrupted = false
        return {
          interrupt(heard) {
            interrupted = true
            session.interrupt(heard)
          },
          toolResult: (id, content) => void (interrupted || session.toolResult(id, content)),
        }
      }),
      'a result that comes after its reply',
      /"reply-ended" within/,
    ),
  )

  breaks('late-results', 'a result that cuts off another reply', () =>
    fails(
      withSession((session) => ({
        toolResult(id, content) {
          session.interrupt()
          session.toolResult(id, content)
        },
      })),
      'a result that comes while another reply',
      /the other reply to be done; it is interrupted/,
    ),
  )

  breaks('finish-ends', 'a finish that does not end the events', () =>
    fails(
      withSession(() => ({ finish: () => undefined })),
      'finish without a word',
      /events to end after finish/,
    ),
  )

  breaks('close-quiet', 'a close that does not end the events', () =>
    fails(
      withSession((session) => ({
        events: (async function* () {
          yield* session.events
          await new Promise(() => undefined)
        })(),
      })),
      'nothing is delivered after close',
      /events to end after close/,
    ),
  )

  breaks('close-quiet', 'a throw after close', () =>
    fails(
      withSession((session) => {
        let closed = false
        return {
          close() {
            closed = true
            return session.close()
          },
          say(text) {
            if (closed) throw new Error('closed')
            session.say(text)
          },
        }
      }),
      'nothing is delivered after close',
      /closed/,
    ),
  )

  breaks('abort', 'an abort that is told as a fault', () =>
    fails(
      (provider) => ({
        ...provider,
        openSession: (options) =>
          options.signal.aborted
            ? Promise.reject(new ProviderError('network', 'aborted'))
            : provider.openSession(options).catch(() => {
                throw new ProviderError('network', 'aborted')
              }),
      }),
      'an abort ends',
      /"cancelled" after an abort/,
    ),
  )

  breaks('closes', 'a provider whose close leaves its sessions open', () =>
    fails(
      (provider) => ({ ...provider, close: () => Promise.resolve() }),
      'provider.close ends the sessions',
      /events to end after provider.close/,
    ),
  )

  breaks('fault', 'faults of no known kind', () =>
    expectFailure(
      realtimeContract({
        ...realtimeOptions(),
        createFailing: () => ({
          formats: [],
          detectsTurns: true,
          openSession: () => Promise.reject(new Error('boom')),
          close: () => Promise.resolve(),
        }),
      }),
      'a fault is a ProviderError',
      /ProviderError/,
    ),
  )

  breaksRealtime(breaks)
  breaksRealtimeMemory(breaks)
  breaksRealtimeEndings(breaks, (change) => realtimeContract(realtimeOptions(change)))
})

describe('the realtime suite', () => hasNoHole(realtimeContract(realtimeOptions())))
