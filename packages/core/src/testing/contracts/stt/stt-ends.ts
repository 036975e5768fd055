import type { SttProvider } from '../../../contracts/index.ts'
import { expect, fail, turn, until, within, type ContractCase, told } from '../common/contract-case.ts'
import { listen } from './listen.ts'
import { leavesNothingOpen } from '../common/open-handles.ts'
import { expectQuietEnd, settled } from '../common/outcome.ts'
import type { SttBench } from './stt-bench.ts'

/** What the kit counts where the last words did not come in time. */
const FINISH_TIMEOUTS = '_finish_timeouts_total'

/** That the far side ends a session, not a deadline, for which the last words of every call would wait. */
export function endedByTheFarSide({
  suite,
  pace,
  stepMs,
  promptMs,
  toLastWord,
  open,
  close,
  write,
  toEnd,
}: SttBench): ContractCase[] {
  const answersAtOnce = pace.pace === Number.POSITIVE_INFINITY
  const name = 'the far side ends a session that is finished, not a deadline'
  const run = async (provider: SttProvider) => {
    const before = suite.witness.counted(FINISH_TIMEOUTS)
    const session = await open(provider)
    const listening = listen(session)
    await write(session, toLastWord)
    const ended = toEnd(session, listening)
    const limitMs = answersAtOnce ? Math.min(promptMs, stepMs) : stepMs
    await within(ended, limitMs, 'events to end soon after finish, as the far side answers at once,')
    await close(session)
    const late = suite.witness.counted(FINISH_TIMEOUTS) - before
    expect(late === 0, 'the far side to end the session', `*${FINISH_TIMEOUTS} has counted ${late}`)
  }
  return [suite.on('finish-ends', name, run)]
}

/** What close and finish do. */
export function closedSessions({
  speech,
  suite,
  stepMs,
  promptMs,
  batchBytes,
  open,
  close,
  write,
}: SttBench): ContractCase[] {
  return [
    suite.on('close-quiet', 'no event is delivered after close, and the events end', async (provider) => {
      const session = await open(provider)
      const listening = listen(session)
      await write(session, speech)
      await until(() => listening.events.length > 0, promptMs, 'an event').catch(() => {})
      await turn()
      const before = listening.events.length
      const closing = session.close()
      await within(listening.over, promptMs, 'events to end after close')
      await within(closing, promptMs, 'close to resolve')
      const late = listening.events.slice(before).map((event) => event.type)
      expect(late.length === 0, 'no event after close', `these came: ${late.join(', ')}`)
    }),
    suite.on('close-quiet', 'events that were not read before close are dropped', async (provider) => {
      const session = await open(provider)
      const events = session.events[Symbol.asyncIterator]()
      await write(session, speech)
      session.finish()
      const first = await within(events.next(), stepMs, 'a first event or the end after finish')
      // Time for the rest to arrive and wait unread.
      await within(new Promise((resolve) => setTimeout(resolve, 100)), stepMs, 'a pause')
      await close(session)
      if (first.done === true) return
      const next = await within(settled(events.next()), promptMs, 'the iteration to end after close')
      if (next.value?.done === false)
        fail(`expected no event after close; "${next.value.value.type}" was delivered`)
    }),
    suite.on(
      ['close-resolves', 'stray-errors'],
      'a session whose events nobody reads closes quietly',
      async (provider) => {
        const session = await open(provider)
        await write(session, speech.subarray(0, batchBytes * 4))
        await close(session)
      },
    ),
    suite.on(
      ['close-resolves', 'stray-errors'],
      'close may be called twice, also at the same time',
      async (provider) => {
        const session = await open(provider)
        const listening = listen(session)
        await Promise.all([close(session), close(session)])
        await close(session)
        await within(listening.over, promptMs, 'events to end after close')
      },
    ),
  ]
}

/** What comes after the end of a session. */
export function writesTooLate({
  options,
  speech,
  expected,
  suite,
  stepMs,
  batchBytes,
  toLastWord,
  open,
  close,
  write,
  expectText,
}: SttBench): ContractCase[] {
  return [
    suite.on('write-safe', 'write and finish do nothing after finish and after close', async (provider) => {
      const session = await open(provider)
      const listening = listen(session)
      await write(session, toLastWord)
      session.finish()
      for (const when of ['finish', 'close']) {
        try {
          session.write(speech.subarray(0, batchBytes))
          session.finish()
        } catch (thrown) {
          fail(`expected write and finish to do nothing after ${when}; one threw ${told(thrown)}`)
        }
        if (when === 'close') return
        await within(listening.over, stepMs, 'events to end after finish')
        expectText(listening, options.lastWord ?? expected, 'also when a write comes after finish')
        await close(session)
      }
    }),
  ]
}

/** Aborts, the end of the provider, and what is left open. */
export function endedSessions({
  speech,
  suite,
  stepMs,
  promptMs,
  batchBytes,
  toLastWord,
  sessionOptions,
  open,
  close,
  write,
  recognise,
}: SttBench): ContractCase[] {
  return [
    suite.on('abort-opening', 'abort while opening ends the opening soon', async (provider) => {
      for (const when of ['before', 'at once', 'a turn later'] as const) {
        const abort = new AbortController()
        if (when === 'before') abort.abort()
        const opening = settled(provider.openSession(sessionOptions(provider, abort.signal)))
        if (when === 'a turn later') await turn()
        abort.abort()
        const outcome = await within(opening, promptMs, `openSession to settle after an abort (${when})`)
        if (outcome.value !== undefined) await close(outcome.value)
        else expectQuietEnd(outcome.error, 'openSession, aborted, to reject with')
      }
    }),
    suite.on('abort-open', 'an abort of an open session ends it quietly', async (provider) => {
      const abort = new AbortController()
      const session = await open(provider, abort.signal)
      const listening = listen(session)
      await write(session, speech.subarray(0, batchBytes * 4))
      abort.abort()
      await turn()
      await close(session)
      await within(listening.over, promptMs, 'events to end after abort and close')
      expectQuietEnd(listening.error, 'events to throw')
    }),
    suite.onFresh('closes', 'provider.close settles while a session is open', async (provider) => {
      const session = await open(provider)
      const listening = listen(session)
      await within(provider.close(), stepMs, 'provider.close to resolve while a session is open')
      await close(session)
      await within(listening.over, promptMs, 'events to end')
    }),
    suite.alone(
      'nothing-left',
      'nothing is left open after sessions that finished, were closed, and were aborted',
      async () => {
        await leavesNothingOpen(suite.settleMs, 'every session and the provider were closed', async () => {
          const provider = await suite.create()
          await recognise(provider, toLastWord)
          const closed = await open(provider)
          closed.write(speech.subarray(0, batchBytes))
          await close(closed)
          const abort = new AbortController()
          const opening = settled(provider.openSession(sessionOptions(provider, abort.signal)))
          abort.abort()
          await (await within(opening, promptMs, 'openSession to settle after an abort')).value?.close()
          await within(provider.close(), stepMs, 'provider.close to resolve')
        })
      },
    ),
  ]
}
