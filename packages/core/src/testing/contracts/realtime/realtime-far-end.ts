import { setTimeout as sleep } from 'node:timers/promises'
import type { RealtimeEvent, RealtimeProvider, RealtimeSession } from '../../../contracts/index.ts'
import { asAssertion, expect, fail, within, type ContractCase } from '../common/contract-case.ts'
import { callEverything, converse, type Talk } from './converse.ts'
import { leavesNothingOpen } from '../common/open-handles.ts'
import { expectFault, expectQuietEnd, type Outcome, settled } from '../common/outcome.ts'
import type { RealtimeBench } from './realtime-bench.ts'

type Ended = Extract<RealtimeEvent, { type: 'reply-ended' }>

/** How long an opening waits before it is aborted: it has got to the far end by then, or will at once. */
const UNDER_WAY_MS = 30

/** What a session owes while its far end says nothing, and when a reply is cut. */
export function silentFarEnds(bench: RealtimeBench): ContractCase[] {
  const { options, suite } = bench
  const { createStalled, createCut, createCutOnce } = options
  return [
    ...(createStalled === undefined
      ? []
      : [
          suite.alone('stalled', 'an abort and a close need no answer of the far end', () =>
            leavesNothingOpen(suite.settleMs, 'sessions with a silent far end were ended', async () => {
              await suite.use(
                (context) => createStalled(context, 'at-once'),
                (provider) => abortsOpening(bench, provider),
              )
              for (const how of ['abort', 'close', 'provider.close'] as const)
                await suite.use(
                  (context) => createStalled(context, 'midway'),
                  (provider) => endsReply(bench, provider, how),
                )
            }),
          ),
        ]),
    ...(createCut === undefined
      ? []
      : [
          suite.alone('cut', 'a reply that is cut in the middle is not told as done', () =>
            suite.use(createCut, (provider) => tellsTheCut(bench, provider)),
          ),
          suite.alone(['write-safe', 'stray-errors'], 'a session that was cut throws at nothing', () =>
            suite.use(createCut, (provider) => takesAllCalls(bench, provider)),
          ),
        ]),
    ...(createCutOnce === undefined
      ? []
      : [
          suite.alone('reconnects', 'a session that was cut goes on by itself, and answers', () =>
            suite.use(createCutOnce, (provider) => goesOn(bench, provider)),
          ),
        ]),
  ]
}

/** The caller has said it once: what they said, and the answer that they wait for, are the session's to keep. */
async function goesOn(
  { talk, speak, finish, expected }: RealtimeBench,
  provider: RealtimeProvider,
): Promise<void> {
  const one = await talk(provider)
  speak(provider, one.session)
  const first = await one.until('reply-ended')
  expect(first.reason !== 'done', 'the reply that was cut to be lost', `it is "${first.reason}"`)
  await one.until('reconnected')
  const next = await one.until('reply-ended', 1)
  expect(next.reason === 'done', 'the answer on the next connection to be done', `it is "${next.reason}"`)
  const said = one.events.flatMap((event) => (event.type === 'caller-final' ? [event.text] : []))
  expect(
    said.some((text) => expected.test(text)),
    `the caller's words to match ${expected}`,
    `they are ${JSON.stringify(said)}`,
  )
  one.session.say('Goodbye.')
  await one.until('reply-ended', 2)
  await finish(one)
}

async function abortsOpening(
  { promptMs, sessionOptions }: RealtimeBench,
  provider: RealtimeProvider,
): Promise<void> {
  const abort = new AbortController()
  const opening = settled(provider.openSession(sessionOptions({ signal: abort.signal })))
  await Promise.race([opening, sleep(UNDER_WAY_MS)])
  abort.abort()
  const { value, error } = await within(opening, promptMs, 'openSession to settle after an abort')
  if (value === undefined) expectQuietEnd(error, 'openSession to tell')
  else await within(value.close(), promptMs, 'close to resolve')
}

async function endsReply(
  { promptMs, stepMs, talk, speak }: RealtimeBench,
  provider: RealtimeProvider,
  how: 'abort' | 'close' | 'provider.close',
): Promise<void> {
  const abort = new AbortController()
  const one = await talk(provider, { signal: abort.signal })
  speak(provider, one.session)
  await one.until('audio')
  if (how === 'abort') abort.abort()
  if (how === 'close')
    await within(one.session.close(), promptMs, 'close to resolve while the far end is silent')
  if (how === 'provider.close')
    await within(provider.close(), stepMs, 'provider.close to resolve while the far end is silent')
  const end = await within(
    settled(one.over()),
    promptMs,
    `events to end after ${how} while the far end is silent`,
  )
  expectQuietEnd(end.error, 'events to tell')
  await within(one.session.close(), promptMs, 'close to resolve')
}

/** Until what becomes of the cut is told. */
async function untilCut(
  { stepMs, sessionOptions, speak }: RealtimeBench,
  provider: RealtimeProvider,
): Promise<{ session: RealtimeSession; one: Talk; told: Outcome<Ended | void> }> {
  const session = await within(provider.openSession(sessionOptions()), stepMs, 'openSession to resolve')
  const one = converse(session, stepMs)
  speak(provider, session)
  await one.until('audio')
  const told = await within(
    Promise.race([settled<Ended | void>(one.until('reply-ended')), settled<Ended | void>(one.over())]),
    stepMs,
    'the reply to end when the connection breaks',
  )
  return { session, one, told }
}

/** Whoever writes has not heard of it yet: the caller goes on speaking. */
async function takesAllCalls(bench: RealtimeBench, provider: RealtimeProvider): Promise<void> {
  const { speech, promptMs } = bench
  const { session, one, told } = await untilCut(bench, provider)
  const calls = () => {
    try {
      callEverything(session, speech.slice(0, 320))
    } catch (thrown) {
      throw asAssertion(thrown, 'nothing to throw once the connection has broken')
    }
  }
  calls()
  if (told.error !== undefined) {
    await settled(within(one.over(), promptMs, 'events to end'))
    calls()
  }
  await within(session.close(), promptMs, 'close to resolve')
}

async function tellsTheCut(bench: RealtimeBench, provider: RealtimeProvider): Promise<void> {
  const { promptMs } = bench
  const { session, one, told } = await untilCut(bench, provider)
  await within(session.close(), promptMs, 'close to resolve')
  if (told.error !== undefined) {
    const over = await settled(one.over())
    return expectFault(over.error, 'events to throw when the connection breaks')
  }
  if (!told.value) return fail('expected the cut to be told; the events ended as if all were said')
  const { reason } = told.value
  expect(reason !== 'done', 'a reply that was cut to be lost or failed', `it is "${reason}"`)
}
