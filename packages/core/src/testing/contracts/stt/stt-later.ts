import type { SttProvider } from '../../../contracts/index.ts'
import { expect, type ContractCase } from '../common/contract-case.ts'
import { listen } from './listen.ts'
import type { SttBench } from './stt-bench.ts'

/** With a double that takes no time. */
const LAST_OF_DOUBLE = 8
/** As long as the speech takes, each. */
const LAST = 3

/** What a session owes that is not the first of its provider. */
export function laterSessions(bench: SttBench): ContractCase[] {
  const { suite, speech, expected, open, close, toEnd, expectText, recognise, pace } = bench
  const run = async (provider: SttProvider) => {
    expectText(await recognise(provider, speech), expected, 'in a first session')
    const session = await open(provider)
    const silent = listen(session)
    await toEnd(session, silent)
    await close(session)
    const said = silent.events.flatMap((event) =>
      'text' in event && event.text.trim() !== '' ? [event.text] : [],
    )
    expect(
      said.length === 0,
      'no words in a session without audio',
      `it says ${JSON.stringify(said.join(' '))}`,
    )
    const last = pace.pace === Number.POSITIVE_INFINITY ? LAST_OF_DOUBLE : LAST
    for (let number = 3; number <= last; number++)
      expectText(await recognise(provider, speech), expected, `in session ${number} of a provider`)
  }
  return [suite.onFresh('later', 'sessions one after the other hear alike, each its own caller alone', run)]
}
