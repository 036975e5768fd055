import { setTimeout as sleep } from 'node:timers/promises'
import { durationMs, formatName, type TtsProvider } from '../../contracts/index.ts'
import { expect, fail, turn, within, type ContractCase, told } from './contract-case.ts'
import { classCases, hostCases, hostProbe, wordsCases } from './host-cases.ts'
import { leavesNothingOpen } from './open-handles.ts'
import { drain, leave, expectProviderError, expectQuietEnd, settled } from './outcome.ts'
import { signalCases } from './signal-cases.ts'
import { ANSWERED_MS, streamedCases } from './streamed-cases.ts'
import { expectLanguage } from './told-options.ts'
import { laterClauses, textsApart } from './tts-later.ts'
import { createTtsBench, type TtsBench, type TtsContractOptions, withoutHeader } from './tts-bench.ts'

export type { TtsContractOptions } from './tts-bench.ts'

/** A bill may count markup, and each letter of some scripts twice. */
const MAX_BILLED = 3

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
        for (const format of provider.produces) expectSpeech((await speak(provider, format)).audio, format)
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
    suite.on('unchanged', 'what is spoken is what the far end has sent, byte for byte', async (provider) => {
      if (options.sent === undefined) return
      for (const format of provider.produces) {
        const { audio } = await speak(provider, format)
        const sent = await options.sent()
        const told = `${audio.byteLength} bytes of ${formatName(format)} were given and ${sent.byteLength} sent`
        expect(Buffer.from(audio).equals(sent), 'the audio that the far end has sent', told)
      }
    }),
    suite.on('language', 'the language of the call reaches the far side', async (provider) => {
      if (options.receivedOptions === undefined) return
      await speak(provider, firstFormat(provider))
      if (options.language !== undefined) expectLanguage(await options.receivedOptions(), options.language)
    }),
  ]
}

/** What is told beside the audio. */
function toldBeside({ suite, text, speak, firstFormat }: TtsBench): ContractCase[] {
  return [
    suite.on(
      ['word-times', 'usage'],
      'word times, where there are any, rise and lie within the audio',
      async (provider) => {
        const format = firstFormat(provider)
        const { audio, words, usage } = await speak(provider, format)
        const playsMs = durationMs(format, audio.byteLength)
        let lastMs = 0
        for (const { word, startMs } of words) {
          const isTime = typeof word === 'string' && typeof startMs === 'number'
          expect(
            isTime,
            'words that are texts, with times that are numbers',
            `one is a ${typeof word} at a ${typeof startMs}`,
          )
          const fits = startMs >= lastMs && startMs <= playsMs + 100
          expect(
            fits,
            `word times that rise to at most ${playsMs} ms`,
            `"${word}" starts at ${startMs} after ${lastMs}`,
          )
          lastMs = startMs
        }
        const characters = usage.reduce((sum, each) => sum + each, 0)
        const areCounts = usage.every((count) => Number.isInteger(count) && count > 0)
        const isOnce = characters <= text.length * MAX_BILLED
        expect(
          areCounts && isOnce,
          `whole characters, about ${text.length} in all`,
          `they are ${usage.join(', ')}`,
        )
      },
    ),
  ]
}

/** Requests that an abort, a consumer or nobody ends. */
function endedRequests({
  options,
  suite,
  stepMs,
  promptMs,
  longText,
  requestOf,
  firstFormat,
  expectEnded,
  start,
}: TtsBench): ContractCase[] {
  return [
    suite.on(
      'abort-first',
      'an abort before the first audio ends the request soon and quietly',
      async (provider) => {
        for (const when of ['before speak was called', 'at once', 'a turn later'] as const) {
          const abort = new AbortController()
          if (when.startsWith('before')) abort.abort()
          const iterator = start(provider, abort.signal)
          const first = settled(iterator.next())
          if (when === 'a turn later') await turn()
          abort.abort()
          const outcome = await within(first, promptMs, `the iteration to end after an abort ${when}`)
          expectQuietEnd(outcome.error, 'speak to throw')
          // A chunk may already have been on its way; it is the last.
          if (outcome.value?.done === false) await expectEnded(iterator, when)
        }
      },
    ),
    suite.on('abort-middle', 'an abort in the middle ends the request soon and quietly', async (provider) => {
      const abort = new AbortController()
      const iterator = start(provider, abort.signal, longText)
      const first = await within(iterator.next(), stepMs, 'a first chunk')
      if (first.done === true) fail('expected a first chunk; the audio ended without one')
      if (options.streams === false) return
      abort.abort()
      await expectEnded(iterator, 'in the middle')
    }),
    suite.on('abort-middle', 'an abort ends what has come whole and was not read', async (provider) => {
      const abort = new AbortController()
      const iterator = start(provider, abort.signal, longText)
      await within(iterator.next(), stepMs, 'a first chunk')
      await sleep(ANSWERED_MS)
      abort.abort()
      await expectEnded(iterator, 'of audio that had come')
    }),
    suite.on('left', 'a consumer that leaves in the middle ends the request', async (provider) => {
      const iterator = start(provider, undefined, longText)
      await within(iterator.next(), stepMs, 'a first chunk')
      if (iterator.return !== undefined)
        await within(iterator.return(), promptMs, 'the iteration to end when left')
    }),
    suite.on(['unread', 'stray-errors'], 'a request that nobody reads harms nobody', async (provider) => {
      const abort = new AbortController()
      provider.speak(requestOf(firstFormat(provider)), abort.signal)
      await turn()
      abort.abort()
      await turn()
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

/** Replies clause by clause, where a provider speaks them. */
function spokenReplies({
  suite,
  promptMs,
  text,
  requestOf,
  read,
  firstFormat,
  expectSpeech,
  expectEnded,
}: TtsBench): ContractCase[] {
  return [
    suite.on(
      'reply',
      'a reply spoken clause by clause, where that is offered, is spoken to its end',
      async (provider) => {
        if (provider.speakReply === undefined) return
        const format = firstFormat(provider)
        const clauses = (async function* () {
          yield text
          await turn()
          yield text
        })()
        const audio = await read(
          provider.speakReply(clauses, requestOf(format, ''), new AbortController().signal),
        )
        expectSpeech(audio, format, `${text} ${text}`)
      },
    ),
    suite.on('reply-abort', 'an abort ends a reply whose clauses are still to come', async (provider) => {
      if (provider.speakReply === undefined) return
      const abort = new AbortController()
      const endless = (async function* () {
        yield text
        await new Promise((resolve) => abort.signal.addEventListener('abort', resolve))
      })()
      const reply = provider.speakReply(endless, requestOf(firstFormat(provider), ''), abort.signal)
      const iterator = reply[Symbol.asyncIterator]()
      const first = settled(iterator.next())
      // Some engines speak at once, some wait for the whole reply.
      await Promise.race([first, new Promise((resolve) => setTimeout(resolve, 50))])
      abort.abort()
      const outcome = await within(first, promptMs, 'the reply to end after an abort')
      expectQuietEnd(outcome.error, 'speakReply to throw')
      if (outcome.value?.done === false) await expectEnded(iterator, 'while clauses are still to come')
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
          await within(provider.close(), stepMs, 'provider.close to resolve')
        })
      },
    ),
  ]
}

function failingCases({ options, suite, stepMs, requestOf, speak, firstFormat }: TtsBench): ContractCase[] {
  if (options.createFailing === undefined) return []
  return [
    suite.onFailing('fault', 'a fault is a ProviderError', async (provider) => {
      const outcome = await settled(speak(provider, firstFormat(provider)))
      if (outcome.value !== undefined) fail('expected speak to throw; it ended without an error')
      expectProviderError(outcome.error, 'speak to throw')
    }),
    suite.onFailing(
      ['unread', 'stray-errors'],
      'a fault that nobody waits for harms nobody',
      async (provider) => {
        provider.speak(requestOf(firstFormat(provider)), new AbortController().signal)
        await settled(within(Promise.resolve(provider.warm?.('contract')), stepMs, 'warm to settle'))
        await new Promise((resolve) => setTimeout(resolve, 100))
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
  return [
    ...streamedCases(suite, options, {
      start: (provider, signal) => start(provider, signal, longText),
      bytesOf: (chunk) => new Uint8Array(chunk),
      bare: (bytes) => withoutHeader(Buffer.from(bytes)),
      ...(sent && { sent }),
    }),
    ...signalCases(suite, [
      { ends: 'a clause was spoken', run: (provider, signal) => drain(start(provider, signal, longText)) },
      { ends: 'a clause was left', run: (provider, signal) => leave(start(provider, signal, longText)) },
    ]),
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
    ...toldBeside(bench),
    ...endedRequests(bench),
    ...clausesBesideOthers(bench),
    ...laterClauses(bench),
    ...textsApart(bench),
    ...spokenReplies(bench),
    ...closedProvider(bench),
    ...failingCases(bench),
    ...sharedCases(bench),
    bench.suite.last('closes', 'the provider closes, also twice'),
    bench.suite.leftBehind('stray-errors'),
  ]
}
