import { setTimeout as sleep } from 'node:timers/promises'
import type { SttProvider, SttSession } from '../../../contracts/index.ts'
import { expect, within, type ContractCase } from '../common/contract-case.ts'
import type { StallPlace } from '../common/contract-options.ts'
import { leavesNothingOpen } from '../common/open-handles.ts'
import { expectFault, expectQuietEnd, settled } from '../common/outcome.ts'
import { listen, type Listening } from './listen.ts'
import type { SttBench } from './stt-bench.ts'

/** How long an opening waits before it is aborted: it has got to the far end by then, or will at once. */
const UNDER_WAY_MS = 30

/** What a session owes while its far end says nothing, and when it is cut. */
export function silentFarEnds(bench: SttBench): ContractCase[] {
  const { options, suite } = bench
  const { createStalled, createCut } = options
  return [
    ...(createStalled === undefined ? [] : stalledCases(bench, createStalled)),
    ...(createCut === undefined
      ? []
      : [
          suite.alone('cut', 'a session that is cut in the middle is told as a fault', () =>
            suite.use(createCut, (provider) => tellsTheCut(bench, provider)),
          ),
        ]),
  ]
}

function stalledCases(
  bench: SttBench,
  stalled: NonNullable<SttBench['options']['createStalled']>,
): ContractCase[] {
  const { suite, speech, stepMs, promptMs, sessionOptions, close, write } = bench

  /** A session, where one opens though the far end may say nothing. */
  async function opened(provider: SttProvider, abort: AbortController): Promise<SttSession | undefined> {
    const opening = settled(provider.openSession(sessionOptions(provider, abort.signal)))
    const first = await Promise.race([opening, sleep(UNDER_WAY_MS)])
    if (first?.value !== undefined) return first.value
    abort.abort()
    const { value, error } = await within(opening, promptMs, 'openSession to settle after an abort')
    if (value === undefined) expectQuietEnd(error, 'openSession, aborted, to reject with')
    return value
  }

  async function over(session: SttSession, listening: Listening, when: string): Promise<void> {
    await close(session)
    await within(listening.over, promptMs, `events to end ${when} while the far end is silent`)
  }

  async function abortAll(provider: SttProvider, place: StallPlace): Promise<void> {
    const abort = new AbortController()
    const session = await opened(provider, abort)
    if (session !== undefined) {
      const listening = listen(session)
      await write(session, speech)
      session.finish()
      abort.abort()
      await over(session, listening, 'after an abort')
      expectQuietEnd(listening.error, 'events to throw')
    }
    if (provider.recognize === undefined || place === 'midway') return
    const stop = new AbortController()
    const asked = settled(provider.recognize(new Uint8Array(speech), sessionOptions(provider, stop.signal)))
    await Promise.race([asked, sleep(UNDER_WAY_MS)])
    stop.abort()
    const { error } = await within(asked, promptMs, 'recognize to settle after an abort')
    expectQuietEnd(error, 'recognize, aborted, to reject with')
  }

  return [
    suite.alone('stalled', 'an abort needs no answer of the far end', () =>
      leavesNothingOpen(suite.settleMs, 'sessions with a silent far end were aborted', async () => {
        for (const place of ['at-once', 'midway'] as const)
          await suite.use(
            (context) => stalled(context, place),
            (provider) => abortAll(provider, place),
          )
      }),
    ),
    suite.alone('stalled', 'close needs no answer of the far end, of a session or of the provider', () =>
      suite.use(
        (context) => stalled(context, 'midway'),
        async (provider) => {
          const session = await opened(provider, new AbortController())
          if (session === undefined) return
          const listening = listen(session)
          await write(session, speech)
          session.finish()
          await over(session, listening, 'after close')
          const other = await opened(provider, new AbortController())
          if (other === undefined) return
          const left = listen(other)
          await within(provider.close(), stepMs, 'provider.close to resolve while the far end is silent')
          await over(other, left, 'after provider.close')
        },
      ),
    ),
  ]
}

async function tellsTheCut(bench: SttBench, provider: SttProvider): Promise<void> {
  const { speech, stepMs, sessionOptions, close, write } = bench
  const { value: session, error } = await settled(
    within(provider.openSession(sessionOptions(provider)), stepMs, 'openSession to settle'),
  )
  if (session === undefined) return expectFault(error, 'openSession to throw')
  const listening = listen(session)
  await write(session, speech)
  // Not finished: after `finish` a session may end with the words it has.
  await within(listening.over, stepMs, 'events to end when the connection breaks')
  await close(session)
  expect(
    listening.error !== undefined,
    'a throw when a session is cut',
    'its events ended as if all were said',
  )
  expectFault(listening.error, 'events to throw')
}
