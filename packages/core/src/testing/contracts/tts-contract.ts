import {
  durationMs,
  formatName,
  type AudioFormat,
  type TtsProvider,
  type TtsRequest,
  type TtsWordTime,
} from '../../contracts/index.ts'
import { parseWavHeader } from '../../audio/index.ts'
import { voicedShare } from './voiced-share.ts'
import {
  createSuite,
  expect,
  fail,
  turn,
  within,
  type ContractCase,
  type ContractOptions,
  told,
} from './contract-case.ts'
import { leavesNothingOpen } from './open-handles.ts'
import { drain, expectProviderError, expectQuietEnd, settled } from './outcome.ts'

export interface TtsContractOptions extends ContractOptions<TtsProvider> {
  /** A sentence the voice can speak. Default `Good morning, how can I help you today?` */
  readonly text?: string
  readonly language?: string
  /** How long speech may take for each character of text. Default 25 to 250 ms. */
  readonly msPerCharacter?: { readonly min: number; readonly max: number }
  /** `false` for doubles that answer every text with the same audio. */
  readonly lengthFollowsText?: boolean
  /** The audio comes in more than one chunk, so an abort can meet it half-way. Default `true`. */
  readonly streams?: boolean
}

/** Audio of one clause, with the WAV header (which the contract allows at the start only) taken off. */
interface Spoken {
  readonly audio: Uint8Array
  readonly words: readonly TtsWordTime[]
}

/** The contract of `TtsProvider`, one case a sentence. */
export function ttsContract(options: TtsContractOptions): ContractCase[] {
  const suite = createSuite(options)
  const { stepMs, promptMs } = suite
  const text = options.text ?? 'Good morning, how can I help you today?'
  const longText = [text, text, text].join(' ')
  const perCharacterMs = options.msPerCharacter ?? { min: 25, max: 250 }

  function requestOf(format: AudioFormat, words: TtsWordTime[] = [], what = text): TtsRequest {
    return {
      callId: 'contract',
      text: what,
      format,
      onWord: (time) => words.push(time),
      ...(options.language !== undefined && { language: options.language }),
    }
  }

  async function read(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
    const all: Uint8Array[] = []
    const iterator = chunks[Symbol.asyncIterator]()
    for (;;) {
      const next = await within(iterator.next(), stepMs, `a chunk or the end after ${all.length} chunks`)
      if (next.done === true) return withoutHeader(Buffer.concat(all))
      expect(next.value instanceof Uint8Array, 'chunks that are bytes', `one is ${String(next.value)}`)
      all.push(new Uint8Array(next.value))
    }
  }

  async function speak(provider: TtsProvider, format: AudioFormat, what = text): Promise<Spoken> {
    const words: TtsWordTime[] = []
    const audio = await read(provider.speak(requestOf(format, words, what), new AbortController().signal))
    return { audio, words }
  }

  const firstFormat = (provider: TtsProvider): AudioFormat =>
    provider.produces[0] ?? fail('expected produces to list a format; it is empty')

  function expectSpeech(audio: Uint8Array, format: AudioFormat, what = text): void {
    const name = formatName(format)
    const playsMs = Math.round(durationMs(format, audio.byteLength))
    const [min, max] = [what.length * perCharacterMs.min, what.length * perCharacterMs.max]
    const plausible = playsMs >= min && playsMs <= max
    expect(
      plausible,
      `${min} to ${max} ms of ${name} for ${what.length} characters`,
      `it plays ${playsMs} ms`,
    )
    const voiced = voicedShare(audio, format)
    expect(
      voiced > 0.1,
      `sound in ${name}`,
      `only ${Math.round(voiced * 100)} % of its frames are not silence`,
    )
    const whole = format.encoding !== 'linear16' || audio.byteLength % 2 === 0
    expect(whole, 'whole samples in all', `${name} ends in the middle of one (${audio.byteLength} bytes)`)
  }

  /** After the abort, the very next step of the iteration ends it. */
  async function expectEnded(iterator: AsyncIterator<Uint8Array>, when: string): Promise<void> {
    const outcome = await within(
      settled(iterator.next()),
      promptMs,
      `the iteration to end after an abort ${when}`,
    )
    expectQuietEnd(outcome.error, 'speak to throw')
    if (outcome.value?.done === false) {
      fail(`expected no audio after an abort ${when}; ${outcome.value.value.byteLength} bytes came`)
    }
  }

  const start = (provider: TtsProvider, signal = new AbortController().signal, what = text) =>
    provider.speak(requestOf(firstFormat(provider), [], what), signal)[Symbol.asyncIterator]()

  const cases: ContractCase[] = [
    suite.on(
      'speech in every format it produces has a plausible length and is not silence',
      async (provider) => {
        firstFormat(provider)
        for (const format of provider.produces) expectSpeech((await speak(provider, format)).audio, format)
      },
    ),
    suite.on('a long text is spoken to its end', async (provider) => {
      const format = firstFormat(provider)
      if (options.lengthFollowsText === false) return
      const [short, long] = [await speak(provider, format), await speak(provider, format, longText)]
      expectSpeech(long.audio, format, longText)
      const ratio = long.audio.byteLength / short.audio.byteLength
      expect(
        ratio > 2,
        'three times the text to give over twice the audio',
        `it gives ${ratio.toFixed(2)} times`,
      )
    }),
    suite.on('no text, or nothing to say in it, ends cleanly', async (provider) => {
      for (const nothing of ['', '   ', '…']) {
        const outcome = await settled(speak(provider, firstFormat(provider), nothing))
        if (outcome.error !== undefined) {
          fail(`expected speak to end for ${JSON.stringify(nothing)}; it threw ${told(outcome.error)}`)
        }
      }
    }),
    suite.on('word times, where there are any, rise and lie within the audio', async (provider) => {
      const format = firstFormat(provider)
      const { audio, words } = await speak(provider, format)
      const playsMs = durationMs(format, audio.byteLength)
      let lastMs = 0
      for (const { word, startMs } of words) {
        const fits = startMs >= lastMs && startMs <= playsMs + 100
        expect(
          fits,
          `word times that rise to at most ${playsMs} ms`,
          `"${word}" starts at ${startMs} after ${lastMs}`,
        )
        lastMs = startMs
      }
    }),
    suite.on('an abort before the first audio ends the request soon and quietly', async (provider) => {
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
    }),
    suite.on('an abort in the middle ends the request soon and quietly', async (provider) => {
      const abort = new AbortController()
      const iterator = start(provider, abort.signal, longText)
      const first = await within(iterator.next(), stepMs, 'a first chunk')
      if (first.done === true) fail('expected a first chunk; the audio ended without one')
      if (options.streams === false) return
      abort.abort()
      await expectEnded(iterator, 'in the middle')
    }),
    suite.on('a consumer that leaves in the middle ends the request', async (provider) => {
      const iterator = start(provider, undefined, longText)
      await within(iterator.next(), stepMs, 'a first chunk')
      if (iterator.return !== undefined)
        await within(iterator.return(), promptMs, 'the iteration to end when left')
    }),
    suite.on('a request that nobody reads harms nobody', async (provider) => {
      const abort = new AbortController()
      provider.speak(requestOf(firstFormat(provider)), abort.signal)
      await turn()
      abort.abort()
      await turn()
    }),
    suite.on('two clauses at once do not disturb each other', async (provider) => {
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
    suite.on('an equal voiceKey and text give audio of equal length', async (provider) => {
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
    suite.on('warm, where there is one, may be called before speech and twice', async (provider) => {
      await within(Promise.resolve(provider.warm?.('contract')), stepMs, 'warm to resolve')
      await within(Promise.resolve(provider.warm?.('contract')), stepMs, 'warm to resolve again')
    }),
    suite.on(
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
          provider.speakReply(clauses, requestOf(format, [], ''), new AbortController().signal),
        )
        expectSpeech(audio, format, `${text} ${text}`)
      },
    ),
    suite.on('an abort ends a reply whose clauses are still to come', async (provider) => {
      if (provider.speakReply === undefined) return
      const abort = new AbortController()
      const endless = (async function* () {
        yield text
        await new Promise((resolve) => abort.signal.addEventListener('abort', resolve))
      })()
      const reply = provider.speakReply(endless, requestOf(firstFormat(provider), [], ''), abort.signal)
      const iterator = reply[Symbol.asyncIterator]()
      const first = settled(iterator.next())
      // Some engines speak at once, some wait for the whole reply.
      await Promise.race([first, new Promise((resolve) => setTimeout(resolve, 50))])
      abort.abort()
      const outcome = await within(first, promptMs, 'the reply to end after an abort')
      expectQuietEnd(outcome.error, 'speakReply to throw')
      if (outcome.value?.done === false) await expectEnded(iterator, 'while clauses are still to come')
    }),
    suite.onFresh('provider.close settles while it speaks, and the audio ends', async (provider) => {
      const iterator = start(provider, undefined, longText)
      await within(iterator.next(), stepMs, 'a first chunk')
      await within(provider.close(), stepMs, 'provider.close to resolve while it speaks')
      await within(settled(drain(iterator)), stepMs, 'the audio to end after provider.close')
    }),
    suite.alone('nothing is left open after speech that ended, was aborted, and was left', async () => {
      await leavesNothingOpen(suite.settleMs, 'all speech ended and the provider was closed', async () => {
        const provider = await options.create()
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
    }),
    ...failingCases(),
    suite.last('the provider closes, also twice'),
  ]

  function failingCases(): ContractCase[] {
    if (options.createFailing === undefined) return []
    return [
      suite.onFailing('a fault is a ProviderError', async (provider) => {
        const outcome = await settled(speak(provider, firstFormat(provider)))
        if (outcome.value !== undefined) fail('expected speak to throw; it ended without an error')
        expectProviderError(outcome.error, 'speak to throw')
      }),
      suite.onFailing('a fault that nobody waits for harms nobody', async (provider) => {
        provider.speak(requestOf(firstFormat(provider)), new AbortController().signal)
        await settled(within(Promise.resolve(provider.warm?.('contract')), stepMs, 'warm to settle'))
        await new Promise((resolve) => setTimeout(resolve, 100))
      }),
    ]
  }

  return cases
}

/** The audio behind a WAV header at the very start; a header further on would be played as a click. */
function withoutHeader(bytes: Buffer): Uint8Array {
  const header = parseWavHeader(bytes)
  const audio = typeof header === 'object' ? bytes.subarray(header.dataOffset) : bytes
  for (let at = audio.indexOf('RIFF', 0, 'latin1'); at >= 0; at = audio.indexOf('RIFF', at + 4, 'latin1')) {
    const isHeader = audio.toString('latin1', at + 8, at + 12) === 'WAVE'
    if (isHeader) fail(`expected a WAV header at the start or none; one stands in the audio at byte ${at}`)
  }
  return audio
}
