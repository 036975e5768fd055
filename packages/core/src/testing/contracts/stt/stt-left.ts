import type { SttProvider } from '../../../contracts/index.ts'
import { within, type ContractCase } from '../common/contract-case.ts'
import { expectSpelling } from '../common/spelling.ts'
import { settled } from '../common/outcome.ts'
import { signalCases } from '../common/signal-cases.ts'
import type { SttBench } from './stt-bench.ts'
import { listen } from './listen.ts'

/** What a session owes to who leaves it, and what it leaves. */
export function leftSessions(bench: SttBench): ContractCase[] {
  const { suite, speech, promptMs, stepMs, toLastWord, sessionOptions, open, close, write, toEnd } = bench

  /** The way `break` does. */
  async function leaves(provider: SttProvider): Promise<void> {
    for (const when of ['before its first event', 'behind its first event'] as const) {
      const session = await open(provider)
      const events = session.events[Symbol.asyncIterator]()
      await write(session, speech)
      if (when.startsWith('behind')) {
        session.finish()
        await within(events.next(), stepMs, 'a first event or the end after finish')
      }
      await within(Promise.resolve(events.return?.()), promptMs, `events.return to settle ${when}`)
      await close(session)
    }
  }

  const hears = async (provider: SttProvider, signal: AbortSignal) => {
    const session = await open(provider, signal)
    const listening = listen(session)
    await write(session, toLastWord)
    await toEnd(session, listening)
    await close(session)
  }
  const asks = async (provider: SttProvider, signal: AbortSignal) =>
    provider.recognize?.(new Uint8Array(toLastWord), sessionOptions(provider, signal))

  return [
    suite.on('left', 'a reader of the events may leave', leaves),
    suite.on('spelling', 'no field is misspelt', async (provider) => {
      const session = await open(provider)
      expectSpelling('stt', provider, session)
      await close(session)
    }),
    ...signalCases(suite, [
      { ends: 'a session has ended', run: hears },
      { ends: 'recognize has answered', run: (provider, signal) => settled(asks(provider, signal)) },
    ]),
  ]
}
