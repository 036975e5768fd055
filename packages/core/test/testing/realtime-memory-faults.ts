import type { RealtimeEvent, RealtimeProvider, RealtimeSession } from '../../src/index.ts'
import { realtimeContract } from '../../src/testing/index.ts'
import type { Breaks } from './promise-table.ts'
import { expectFailure, PATIENT } from './suite-failures.ts'
import { realtimeOptions } from './toy-talker.ts'

type Change = (provider: RealtimeProvider) => RealtimeProvider
type Options = Parameters<RealtimeProvider['openSession']>[0]

/** The provider with its sessions changed. */
const withSession =
  (change: (session: RealtimeSession, options: Options) => Partial<RealtimeSession>): Change =>
  (provider) => ({
    ...provider,
    async openSession(options) {
      const session = await provider.openSession(options)
      return { ...session, ...change(session, options) }
    },
  })

const withEvents = (change: (event: RealtimeEvent) => readonly RealtimeEvent[]) =>
  withSession(({ events }) => ({ events: changed(events, change) }))

async function* changed(
  events: RealtimeSession['events'],
  change: (event: RealtimeEvent) => readonly RealtimeEvent[],
): AsyncGenerator<RealtimeEvent> {
  for await (const event of events) yield* change(event)
}

const withOptions =
  (change: (options: Options) => Options): Change =>
  (provider) => ({ ...provider, openSession: (options) => provider.openSession(change(options)) })

const fails = (change: Change, caseName: string, message: RegExp) =>
  expectFailure(realtimeContract(realtimeOptions(change)), caseName, message)

/** Models that know one session from another, and what they tell twice. */
export function breaksRealtimeMemory(breaks: Breaks<'realtime'>): void {
  const LATER = 'sessions one after the other'
  breaks('later', 'a model that tells what the caller before said', () => {
    let before: RealtimeEvent | undefined
    return fails(
      withSession(({ events }) => {
        const last = before
        return {
          events: (async function* () {
            if (last !== undefined) yield last
            for await (const event of events) {
              if (event.type === 'caller-final') before = event
              yield event
            }
          })(),
        }
      }),
      LATER,
      /no words of a caller in a session without audio; it says "hello there"/,
    )
  })
  breaks('later', 'a model that is deaf from its third session on', () => {
    let sessions = 0
    return fails(
      withSession(() => (sessions++ < 2 ? {} : { write: () => undefined })),
      LATER,
      /"caller-final" within/,
    )
  })
  for (const type of ['caller-final', 'agent-final', 'tool-call'] as const) {
    breaks('once', `a ${type} that is told twice`, () =>
      fails(
        withEvents((event) => (event.type === type ? [event, event] : [event])),
        'what was said, and a call of a tool',
        new RegExp(`once; ${type} .* came again`),
      ),
    )
  }
  breaksBills(breaks)
  breaksToldOn(breaks)
  breaksAborted(breaks)
}

function breaksBills(breaks: Breaks<'realtime'>): void {
  // Two whole replies are made before anything is judged.
  const fails = (change: Change, caseName: string, message: RegExp) =>
    expectFailure(realtimeContract({ ...realtimeOptions(change), ...PATIENT }), caseName, message)
  const billed = (outputTokens: () => number, times: number) =>
    withEvents((event) => {
      if (event.type !== 'reply-ended') return [event]
      const usage: RealtimeEvent = { type: 'usage', inputTokens: 100, outputTokens: outputTokens() }
      return [...Array.from({ length: times }, () => usage), event]
    })
  breaks('usage-once', 'usage that is told twice for each reply', () =>
    fails(
      billed(() => 5, 2),
      'what is billed is told once',
      /what a reply costs once; .*"outputTokens":5/,
    ),
  )
  breaks('usage-once', 'usage since the start of the session', () => {
    let sum = 0
    return fails(
      billed(() => (sum += 5), 1),
      'what is billed is told once',
      /usage since the last usage, not since the start; 10 tokens/,
    )
  })
  breaks('usage-once', 'tokens that went in since the start of the session', () => {
    let replies = 0
    const summed = withEvents((event) =>
      event.type === 'reply-ended'
        ? [{ type: 'usage', inputTokens: 100 * ++replies, outputTokens: 5 }, event]
        : [event],
    )
    const charges = { billed: () => ({ inputTokens: 200, outputTokens: 10 }) }
    return expectFailure(
      realtimeContract({ ...realtimeOptions(summed), ...PATIENT, ...charges }),
      'what is billed is told once',
      /usage to add up to 200 inputTokens; it adds up to 300/,
    )
  })
  breaks('lent-audio', 'audio that is overwritten behind its reader', () =>
    fails(
      withEvents((event) => {
        if (event.type !== 'audio') return [event]
        const audio = new Uint8Array(event.audio)
        setTimeout(() => audio.fill(0x55), 1)
        return [{ ...event, audio }]
      }),
      'audio is left as it is',
      /it was overwritten/,
    ),
  )
}

function breaksToldOn(breaks: Breaks<'realtime'>): void {
  breaks('history', 'a history that is ignored', () =>
    fails(
      withOptions((options) => ({ ...options, history: [] })),
      'what was said before the session',
      /it got none of it/,
    ),
  )
  breaks('tools', 'a first tool that is offered alone', () =>
    fails(
      withOptions((options) => ({ ...options, tools: options.tools.slice(0, 1) })),
      'a tool is called',
      /"tool-call" within|the events ended/,
    ),
  )
  breaks('tools', 'a last tool that is not offered', () =>
    fails(
      withOptions((options) => ({ ...options, tools: options.tools.slice(0, 2) })),
      'every tool that is offered',
      /all tools to reach the far side; these did not: kumquat_price/,
    ),
  )
  breaks('heard', 'an interruption that does not say what was heard', () =>
    fails(
      withSession((session) => ({ interrupt: () => session.interrupt() })),
      'how much of an interrupted reply',
      /that 100 ms were heard; it was told nothing/,
    ),
  )
}

function breaksAborted(breaks: Breaks<'realtime'>): void {
  for (const method of ['write', 'say', 'interrupt', 'finish'] as const) {
    breaks('abort', `${method} that throws after an abort`, () =>
      fails(
        withSession((session, { signal }) => ({
          [method]: (given: never) => {
            if (signal.aborted) throw new Error('WebSocket is not open')
            session[method](given)
          },
        })),
        'an abort ends',
        /WebSocket is not open/,
      ),
    )
  }
}
