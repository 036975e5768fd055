import { setTimeout as sleep } from 'node:timers/promises'
import { durationMs } from '../../../contracts/index.ts'
import { expect, fail, turn, within, type ContractCase } from '../common/contract-case.ts'
import { expectProviderError, expectQuietEnd, settled } from '../common/outcome.ts'
import { ANSWERED_MS } from '../common/streamed-cases.ts'
import { expectLanguage } from '../common/told-options.ts'
import type { TtsBench } from './tts-bench.ts'
import { SPEAK_REPLY, type TtsWay } from './tts-ways.ts'

/** By then a request that is made has got to the far end. */
const UNDER_WAY_MS = 100
/** A bill may count markup, and each letter of some scripts twice. */
const MAX_BILLED = 3

/** What is told beside the audio, and what is told on. */
export function toldBeside(bench: TtsBench, way: TtsWay): ContractCase[] {
  const { options, text, longText, speak, firstFormat, onWay } = bench
  // Several clauses: those of a reply are one stream, whose times go on.
  const said = way === SPEAK_REPLY ? longText : text
  return [
    onWay(
      way,
      ['word-times', 'usage'],
      'word times, where there are any, rise and lie within the audio',
      async (provider) => {
        const format = firstFormat(provider)
        const { audio, words, usage } = await speak(provider, format, said, way)
        expectWordTimes(words, durationMs(format, audio.byteLength))
        const characters = usage.reduce((sum, each) => sum + each, 0)
        const areCounts = usage.every((count) => Number.isInteger(count) && count > 0)
        const isOnce = characters <= said.length * MAX_BILLED
        expect(
          areCounts && isOnce,
          `whole characters, about ${said.length} in all`,
          `they are ${usage.join(', ')}`,
        )
      },
    ),
    onWay(way, 'language', 'the language of the call reaches the far side', async (provider) => {
      const { receivedOptions, language } = options
      if (receivedOptions === undefined || language === undefined) return
      await speak(provider, firstFormat(provider))
      const isKnown = 'language' in (await receivedOptions())
      await speak(provider, firstFormat(provider), text, way)
      const got = await receivedOptions()
      expectLanguage(isKnown ? { language: undefined, ...got } : got, language)
    }),
  ]
}

function expectWordTimes(
  words: readonly { readonly word: unknown; readonly startMs: unknown }[],
  playsMs: number,
): void {
  let lastMs = 0
  for (const { word, startMs } of words) {
    expect(
      typeof word === 'string' && typeof startMs === 'number',
      'words that are texts, with times that are numbers',
      `one is a ${typeof word} at a ${typeof startMs}`,
    )
    expect(
      startMs >= lastMs && startMs <= playsMs + 100,
      `word times that rise to at most ${playsMs} ms`,
      `"${word}" starts at ${startMs} after ${lastMs}`,
    )
    lastMs = startMs
  }
}

/** Requests that an abort, a consumer or nobody ends. */
export function endedRequests(bench: TtsBench, way: TtsWay): ContractCase[] {
  const { options, stepMs, promptMs, text, longText, expectEnded, onWay } = bench
  const start = (provider: Parameters<typeof bench.start>[0], signal?: AbortSignal, what = longText) =>
    bench.start(provider, signal, what, way)
  return [
    onWay(
      way,
      'abort-first',
      'an abort before the first audio ends the request soon and quietly',
      async (provider) => {
        for (const when of [`before ${way.name} was called`, 'at once', 'a turn later'] as const) {
          const abort = new AbortController()
          const isBefore = when.startsWith('before')
          if (isBefore) abort.abort()
          const iterator = start(provider, abort.signal, text)
          const first = settled(iterator.next())
          if (when === 'a turn later') await turn()
          abort.abort()
          const outcome = await within(first, promptMs, `the iteration to end after an abort ${when}`)
          expectQuietEnd(outcome.error, `${way.name} to throw`)
          if (outcome.value?.done !== false) continue
          if (isBefore) fail(`expected no audio after an abort ${when}; some came`)
          // A chunk may already have been on its way; it is the last.
          await expectEnded(iterator, when)
        }
      },
    ),
    ...asksForNothing(bench, way),
    onWay(
      way,
      'abort-middle',
      'an abort in the middle ends the request soon and quietly',
      async (provider) => {
        const abort = new AbortController()
        const iterator = start(provider, abort.signal)
        const first = await within(iterator.next(), stepMs, 'a first chunk')
        if (first.done === true) fail('expected a first chunk; the audio ended without one')
        if (options.streams === false) return
        abort.abort()
        await expectEnded(iterator, 'in the middle')
      },
    ),
    onWay(way, 'abort-middle', 'an abort ends what has come whole and was not read', async (provider) => {
      const abort = new AbortController()
      const iterator = start(provider, abort.signal)
      await within(iterator.next(), stepMs, 'a first chunk')
      await sleep(ANSWERED_MS)
      abort.abort()
      await expectEnded(iterator, 'of audio that had come')
    }),
    onWay(way, 'left', 'a consumer that leaves in the middle ends the request', async (provider) => {
      const iterator = start(provider)
      await within(iterator.next(), stepMs, 'a first chunk')
      if (iterator.return !== undefined)
        await within(iterator.return(), promptMs, 'the iteration to end when left')
    }),
    onWay(way, ['unread', 'stray-errors'], 'a request that nobody reads harms nobody', async (provider) => {
      const abort = new AbortController()
      start(provider, abort.signal, text)
      await turn()
      abort.abort()
      await turn()
    }),
  ]
}

/** Nobody hears it, and it is billed. */
function asksForNothing({ options, promptMs, text, start, onWay }: TtsBench, way: TtsWay): ContractCase[] {
  const { asked } = options
  if (asked === undefined) return []
  return [
    onWay(
      way,
      'abort-unasked',
      'the far end is asked for nothing by who had aborted before',
      async (provider) => {
        const before = asked()
        const abort = new AbortController()
        abort.abort()
        const first = settled(start(provider, abort.signal, text, way).next())
        const { error } = await within(first, promptMs, 'the iteration to end after an abort')
        expectQuietEnd(error, `${way.name} to throw`)
        await sleep(UNDER_WAY_MS)
        const more = asked() - before
        expect(more === 0, 'no text to be sent that nobody will hear', `${more} were`)
      },
    ),
  ]
}

/** What a voice throws that cannot speak. */
export function failingCases(bench: TtsBench, way: TtsWay): ContractCase[] {
  const { options, suite, stepMs, text, speak, firstFormat, start, onWay } = bench
  if (options.createFailing === undefined) return []
  return [
    onWay(
      way,
      'fault',
      'a fault is a ProviderError',
      async (provider) => {
        const outcome = await settled(speak(provider, firstFormat(provider), text, way))
        if (outcome.value !== undefined) fail(`expected ${way.name} to throw; it ended without an error`)
        expectProviderError(outcome.error, `${way.name} to throw`)
      },
      suite.onFailing,
    ),
    onWay(
      way,
      ['unread', 'stray-errors'],
      'a fault that nobody waits for harms nobody',
      async (provider) => {
        start(provider, new AbortController().signal, text, way)
        await settled(within(Promise.resolve(provider.warm?.('contract')), stepMs, 'warm to settle'))
        await sleep(100)
      },
      suite.onFailing,
    ),
  ]
}
