import { type AudioFormat, formatName, type TtsProvider } from '../../../contracts/index.ts'
import { expect, fail, within, type ContractCase, told } from '../common/contract-case.ts'
import { classCases, hostCases, hostProbe, wordsCases } from '../common/host-cases.ts'
import { leavesNothingOpen } from '../common/open-handles.ts'
import { drain, leave, settled } from '../common/outcome.ts'
import { signalCases } from '../common/signal-cases.ts'
import { streamedCases } from '../common/streamed-cases.ts'
import { endedRequests, failingCases, toldBeside } from './tts-asked.ts'
import { createTtsBench, type TtsBench, type TtsContractOptions, withoutHeader } from './tts-bench.ts'
import { laterClauses, lentAudio, textsApart } from './tts-later.ts'
import { spokenReplies } from './tts-replies.ts'
import { unchangedAudio } from './tts-unchanged.ts'
import { SPEAK, SPEAK_REPLY, TTS_WAYS } from './tts-ways.ts'

export type { TtsContractOptions } from './tts-bench.ts'

/** Audio of one rate in two encodings is not the same bytes: one of them would be noise. */
function expectEncoded(byFormat: readonly (readonly [AudioFormat, Uint8Array])[]): void {
  for (const [at, [format, audio]] of byFormat.entries()) {
    const same = byFormat
      .slice(0, at)
      .find(([other, its]) => other.encoding !== format.encoding && Buffer.from(its).equals(audio))
    if (same === undefined) continue
    const [name, other] = [formatName(format), formatName(same[0])]
    fail(
      `expected ${name} to be other bytes than ${other}; they are the same, from the voice or from its double`,
    )
  }
}

/** What is spoken. */
function spokenTexts({
  options,
  suite,
  longText,
  speak,
  firstFormat,
  expectSpeech,
}: TtsBench): ContractCase[] {
  return [
    suite.on(
      ['formats', 'header', 'silence', 'length'],
      'speech in every format it produces has a plausible length and is not silence',
      async (provider) => {
        firstFormat(provider)
        const byFormat: (readonly [AudioFormat, Uint8Array])[] = []
        for (const format of provider.produces) {
          const { audio } = await speak(provider, format)
          expectSpeech(audio, format)
          byFormat.push([format, audio])
        }
        expectEncoded(byFormat)
      },
    ),
    suite.on(['whole', 'length'], 'a long text is spoken to its end', async (provider) => {
      const format = firstFormat(provider)
      if (options.lengthFollowsText === false) return
      const [short, long] = [await speak(provider, format), await speak(provider, format, longText)]
      expectSpeech(long.audio, format, longText)
      const ratio = long.audio.byteLength / short.audio.byteLength
      const gives = `it gives ${ratio.toFixed(2)} times`
      expect(ratio > 2, 'three times the text to give over twice the audio', gives)
      expect(ratio < 4.5, 'three times the text to give under four and a half times the audio', gives)
    }),
    suite.on('nothing', 'no text, or nothing to say in it, ends cleanly', async (provider) => {
      for (const nothing of ['', '   ', '…']) {
        const outcome = await settled(speak(provider, firstFormat(provider), nothing))
        if (outcome.error !== undefined) {
          fail(`expected speak to end for ${JSON.stringify(nothing)}; it threw ${told(outcome.error)}`)
        }
      }
    }),
  ]
}

/** Clauses beside others, and what is said of them. */
function clausesBesideOthers({
  suite,
  stepMs,
  promptMs,
  longText,
  speak,
  firstFormat,
  expectSpeech,
  start,
}: TtsBench): ContractCase[] {
  return [
    suite.on('apart', 'two clauses at once do not disturb each other', async (provider) => {
      const format = firstFormat(provider)
      const abort = new AbortController()
      const dropped = start(provider, abort.signal, longText)
      const kept = settled(speak(provider, format))
      await within(dropped.next(), stepMs, 'a first chunk of the other clause')
      abort.abort()
      await within(settled(dropped.next()), promptMs, 'the other clause to end after its abort')
      const { value, error } = await kept
      if (value === undefined)
        fail(`expected the clause to be spoken while another is aborted; it threw ${told(error)}`)
      expectSpeech(value.audio, format)
    }),
    suite.on('voice', 'an equal voiceKey and text give audio of equal length', async (provider) => {
      if (provider.voiceKey === undefined) return
      const format = firstFormat(provider)
      const [first, second] = [await speak(provider, format), await speak(provider, format)]
      const ratio = first.audio.byteLength / second.audio.byteLength
      expect(
        ratio > 0.8 && ratio < 1.25,
        'the same text twice to be of one length',
        `one is ${ratio.toFixed(2)} times the other`,
      )
    }),
    suite.on('warm', 'warm, where there is one, may be called before speech and twice', async (provider) => {
      await within(Promise.resolve(provider.warm?.('contract')), stepMs, 'warm to resolve')
      await within(Promise.resolve(provider.warm?.('contract')), stepMs, 'warm to resolve again')
    }),
  ]
}

/** The end of the provider, and what is left open. */
function closedProvider({
  suite,
  stepMs,
  promptMs,
  longText,
  speak,
  firstFormat,
  start,
}: TtsBench): ContractCase[] {
  return [
    suite.onFresh(
      'closes',
      'provider.close settles while it speaks, and the audio ends',
      async (provider) => {
        const iterator = start(provider, undefined, longText)
        await within(iterator.next(), stepMs, 'a first chunk')
        await within(provider.close(), stepMs, 'provider.close to resolve while it speaks')
        await within(settled(drain(iterator)), stepMs, 'the audio to end after provider.close')
      },
    ),
    suite.alone(
      'nothing-left',
      'nothing is left open after speech that ended, was aborted, and was left',
      async () => {
        await leavesNothingOpen(suite.settleMs, 'all speech ended and the provider was closed', async () => {
          const provider = await suite.create()
          await speak(provider, firstFormat(provider))
          const abort = new AbortController()
          const aborted = start(provider, abort.signal, longText)
          await within(aborted.next(), stepMs, 'a first chunk')
          abort.abort()
          await within(settled(aborted.next()), promptMs, 'the iteration to end after an abort')
          const left = start(provider, undefined, longText)
          await within(left.next(), stepMs, 'a first chunk')
          await within(Promise.resolve(left.return?.()), promptMs, 'the iteration to end when left')
          if (SPEAK_REPLY.isOf(provider)) await speak(provider, firstFormat(provider), longText, SPEAK_REPLY)
          await within(provider.close(), stepMs, 'provider.close to resolve')
        })
      },
    ),
  ]
}

/** What is alike for all that is streamed, and for all providers. */
function sharedCases({ options, suite, speak, firstFormat, longText, start }: TtsBench): ContractCase[] {
  const { sent } = options
  const any = (provider: TtsProvider) => speak(provider, firstFormat(provider))
  const probe = hostProbe(suite, options, {
    exercise: any,
    faultOf: async (provider) => (await settled(any(provider))).error,
  })
  const uses = TTS_WAYS.flatMap((way) => {
    const begin = (provider: TtsProvider, signal: AbortSignal) => start(provider, signal, longText, way)
    return [
      {
        ends: `${way.name} was read to its end`,
        way,
        run: (...to: Parameters<typeof begin>) => drain(begin(...to)),
      },
      { ends: `${way.name} was left`, way, run: (...to: Parameters<typeof begin>) => leave(begin(...to)) },
    ]
  })
  return [
    ...TTS_WAYS.flatMap((way) =>
      streamedCases(suite, options, {
        prefix: way.prefix,
        isOf: way.isOf,
        start: (provider, signal) => start(provider, signal, longText, way),
        bytesOf: (chunk) => new Uint8Array(chunk),
        bare: (bytes) => withoutHeader(Buffer.from(bytes)),
        ...(sent && way === SPEAK && { sent }),
      }),
    ),
    ...signalCases(
      suite,
      uses.map(({ ends, way, run }) => ({
        ends,
        run: async (provider, signal) => (way.isOf(provider) ? run(provider, signal) : undefined),
      })),
    ),
    ...hostCases(suite, options, probe),
    ...wordsCases(suite, probe),
    ...classCases(suite, options, probe),
  ]
}

/** The contract of `TtsProvider`, one case a sentence. */
export function ttsContract(options: TtsContractOptions): ContractCase[] {
  const bench = createTtsBench(options)
  return [
    ...spokenTexts(bench),
    ...unchangedAudio(bench),
    ...TTS_WAYS.flatMap((way) => [
      ...toldBeside(bench, way),
      ...endedRequests(bench, way),
      ...lentAudio(bench, way),
      ...failingCases(bench, way),
    ]),
    ...clausesBesideOthers(bench),
    ...laterClauses(bench),
    ...textsApart(bench),
    ...spokenReplies(bench),
    ...closedProvider(bench),
    ...sharedCases(bench),
    bench.suite.last('closes', 'the provider closes, also twice'),
    bench.suite.leftBehind('stray-errors'),
  ]
}
