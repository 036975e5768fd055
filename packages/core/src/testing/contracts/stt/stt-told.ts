import { isDeepStrictEqual } from 'node:util'
import type { SttProvider, SttSessionOptions } from '../../../contracts/index.ts'
import { type ContractCase, within } from '../common/contract-case.ts'
import { listen } from './listen.ts'
import type { SttBench } from './stt-bench.ts'
import {
  expectHints,
  expectLanguage,
  expectNoHints,
  expectRegion,
  ODD_HINTS,
  type ReceivedOptions,
} from '../common/told-options.ts'

/** What of the options of a session or a request has to get to the far side. */
export function toldOptions(bench: SttBench): ContractCase[] {
  const { options, suite, speech, sessionOptions, close, write, toEnd } = bench
  const { receivedOptions } = options
  if (receivedOptions === undefined) return []
  const hints = options.hints ?? ODD_HINTS
  const language = options.language ?? 'de-DE'

  async function told(provider: SttProvider, wanted: Partial<SttSessionOptions>) {
    const session = await provider.openSession({ ...sessionOptions(provider), ...wanted })
    const listening = listen(session)
    await write(session, speech)
    await toEnd(session, listening)
    await close(session)
    return receivedOptions!()
  }
  async function toldBehindAnother(provider: SttProvider) {
    // What one session was told must not hold for the next.
    await close(await provider.openSession({ ...sessionOptions(provider), hints: [] }))
    return told(provider, { hints, language })
  }
  async function expectRegions(provider: SttProvider): Promise<void> {
    for (const region of provider.regions ?? []) expectRegion(await told(provider, { region }), region)
  }
  const name = 'what recognize is told reaches the far side'
  return [
    suite.on('hints', 'the phrases that are expected reach the far side', async (provider) =>
      expectHints(await toldBehindAnother(provider), hints),
    ),
    suite.on('language', 'the language of the session reaches the far side', async (provider) =>
      expectLanguage(await toldBehindAnother(provider), language),
    ),
    suite.on('region', 'a session is opened in its region', expectRegions),
    suite.on(['hints', 'language', 'recognize'], name, async (provider) => {
      const got = await toldToRecognize(bench, provider, { hints, language }, told)
      if (got === undefined) return
      expectHints(got, hints)
      expectLanguage(got, language)
    }),
  ]
}

/**
 * Undefined where there is no `recognize`, or where the double notes the options of sessions alone: it says so, or what
 * it tells stays as it was.
 */
async function toldToRecognize(
  { options, suite, speech, sessionOptions }: SttBench,
  provider: SttProvider,
  wanted: Required<Pick<SttSessionOptions, 'hints' | 'language'>>,
  told: (provider: SttProvider, wanted: Partial<SttSessionOptions>) => Promise<ReceivedOptions>,
): Promise<ReceivedOptions | undefined> {
  if (provider.recognize === undefined) return undefined
  const ask = async (more: Partial<SttSessionOptions>): Promise<ReceivedOptions> => {
    const asked = provider.recognize!(new Uint8Array(speech), { ...sessionOptions(provider), ...more })
    await within(asked, suite.stepMs, 'recognize to resolve')
    return { ...(await options.receivedOptions!()) }
  }
  const ofSession = { ...(await told(provider, wanted)) }
  const ofBareRequest = await ask({ hints: [] })
  const isNoted =
    ofBareRequest.of === undefined
      ? !isDeepStrictEqual(ofSession, ofBareRequest)
      : ofBareRequest.of === 'request'
  if (!isNoted) return undefined
  if (options.hints === undefined) expectNoHints(ofBareRequest, wanted.hints)
  return ask(wanted)
}
