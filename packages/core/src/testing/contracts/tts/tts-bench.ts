import {
  durationMs,
  formatName,
  type AudioFormat,
  type TtsProvider,
  type TtsRequest,
  type TtsWordTime,
} from '../../../contracts/index.ts'
import { parseWavHeader } from '../../../audio/index.ts'
import type { ReceivedOptions } from '../common/told-options.ts'
import { voicedShare } from './voiced-share.ts'
import { expectNoZeroRun } from '../common/zero-run.ts'
import type { PromiseOf } from '../../promises/index.ts'
import { expect, fail, within, type ContractCase } from '../common/contract-case.ts'
import type { ContractOptions } from '../common/contract-options.ts'
import { createSuite, type Suite } from '../common/suite.ts'
import { expectQuietEnd, settled } from '../common/outcome.ts'
import { SPEAK, type TtsWay } from './tts-ways.ts'

export interface TtsContractOptions extends ContractOptions<TtsProvider> {
  /** A sentence the voice can speak. Default `Good morning, how can I help you today?` */
  readonly text?: string
  readonly language?: string
  /**
   * How long speech may take for each character of text. Default 25 to 250 ms for a text of yours, 30 to 115 ms for the
   * default one: narrow enough that audio which is given twice, or at half its rate, is noticed.
   */
  readonly msPerCharacter?: { readonly min: number; readonly max: number }
  /** `false` for doubles that answer every text with the same audio. */
  readonly lengthFollowsText?: boolean
  /** `false` for doubles that answer all texts of a length with the same audio: a tone. */
  readonly soundFollowsText?: boolean
  /** The audio comes in more than one chunk, so an abort can meet it half-way. Default `true`. */
  readonly streams?: boolean
  /**
   * For a loopback server: all audio it has sent of its latest answer, without a header, in the format that was asked
   * for. Present: what is spoken must be that, byte for byte, also while the server is silent in the middle.
   */
  sent?(): Uint8Array | Promise<Uint8Array>
  /**
   * For a loopback server: all audio it has sent of the latest reply by `speakReply`, one clause after the other, without
   * headers. Present: what is spoken must be that, byte for byte.
   */
  sentReply?(): Uint8Array | Promise<Uint8Array>
  /**
   * For a loopback server: what it got of the options of its latest request. Present: the language must be there, and
   * the format, where what is spoken is what was sent.
   */
  receivedOptions?(): AskedOfVoice | Promise<AskedOfVoice>
  /** For a loopback server: how many texts it was given to speak so far. Present: who had aborted before asks for none. */
  asked?(): number
}

type AskedOfVoice = Pick<ReceivedOptions, 'language' | 'format'>

type TtsPromise = PromiseOf<'tts'>
type TtsSuite = Suite<TtsProvider, TtsPromise>

/** Audio of one clause, with the WAV header (which the contract allows at the start only) taken off. */
interface Spoken {
  readonly audio: Uint8Array
  readonly words: readonly TtsWordTime[]
  /** Characters of the bill. */
  readonly usage: readonly number[]
}

/** How the cases have a text spoken and judge the audio. */
export function createTtsBench(options: TtsContractOptions) {
  const suite = createSuite('tts', options)
  const { stepMs, promptMs } = suite
  const reading = createReading(suite)
  const text = options.text ?? 'Good morning, how can I help you today?'
  const longText = [text, text, text].join(' ')
  const clausesOf = (what: string) => (what === longText ? [text, text, text] : [what])
  const perCharacterMs =
    options.msPerCharacter ?? (options.text === undefined ? { min: 30, max: 115 } : { min: 25, max: 250 })

  function requestOf(
    format: AudioFormat,
    what = text,
    words: TtsWordTime[] = [],
    usage: number[] = [],
  ): TtsRequest {
    suite.witness.heard(what)
    return {
      callId: 'contract',
      text: what,
      format,
      onWord: (time) => words.push(time),
      onUsage: ({ characters }) => usage.push(characters),
      ...(options.language !== undefined && { language: options.language }),
    }
  }

  async function speak(
    provider: TtsProvider,
    format: AudioFormat,
    what = text,
    way = SPEAK,
  ): Promise<Spoken> {
    const words: TtsWordTime[] = []
    const usage: number[] = []
    const request = requestOf(format, what, words, usage)
    const { signal } = new AbortController()
    const audio = await reading.read(way.speak(provider, clausesOf(what), request, signal))
    return { audio, words, usage }
  }

  const expectSpeech = (audio: Uint8Array, format: AudioFormat, what = text) =>
    expectSpeechOf(what, audio, format, perCharacterMs)

  function start(
    provider: TtsProvider,
    signal: AbortSignal = new AbortController().signal,
    what = text,
    way = SPEAK,
  ): AsyncIterator<Uint8Array> {
    const request = requestOf(firstFormat(provider), what)
    const chunks = way.speak(provider, clausesOf(what), request, signal)
    return chunks[Symbol.asyncIterator]()
  }

  return {
    options,
    suite,
    stepMs,
    promptMs,
    text,
    longText,
    requestOf,
    ...reading,
    speak,
    firstFormat,
    expectSpeech,
    start,
    onWay: createOnWay(suite),
  }
}
export type TtsBench = ReturnType<typeof createTtsBench>

const firstFormat = (provider: TtsProvider): AudioFormat =>
  provider.produces[0] ?? fail('expected produces to list a format; it is empty')

/** How audio is read, and that it ends. */
function createReading({ stepMs, promptMs }: TtsSuite) {
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

  /** After the abort, the very next step of the iteration ends it. */
  async function expectEnded(iterator: AsyncIterator<Uint8Array>, when: string): Promise<void> {
    const outcome = await within(
      settled(iterator.next()),
      promptMs,
      `the iteration to end after an abort ${when}`,
    )
    expectQuietEnd(outcome.error, 'what is spoken to throw')
    if (outcome.value?.done === false) {
      fail(`expected no audio after an abort ${when}; ${outcome.value.value.byteLength} bytes came`)
    }
  }

  return { read, expectEnded }
}

/** How cases are made of one way to speak. */
const createOnWay =
  ({ on: onAny }: TtsSuite) =>
  /** Nothing where the provider has not that way. */
  (
    way: TtsWay,
    proves: TtsPromise | readonly TtsPromise[],
    name: string,
    body: (provider: TtsProvider) => Promise<void>,
    on = onAny,
  ): ContractCase => {
    const run = async (provider: TtsProvider) => (way.isOf(provider) ? body(provider) : undefined)
    return on(proves, way.prefix + name, run)
  }

function expectSpeechOf(
  text: string,
  audio: Uint8Array,
  format: AudioFormat,
  perCharacterMs: { readonly min: number; readonly max: number },
): void {
  const name = formatName(format)
  const playsMs = Math.round(durationMs(format, audio.byteLength))
  const [min, max] = [text.length * perCharacterMs.min, text.length * perCharacterMs.max]
  const plausible = playsMs >= min && playsMs <= max
  expect(plausible, `${min} to ${max} ms of ${name} for ${text.length} characters`, `it plays ${playsMs} ms`)
  const voiced = voicedShare(audio, format)
  const told = `only ${Math.round(voiced * 100)} % of its frames are not silence`
  expect(voiced > 0.1, `sound in ${name}`, told)
  const whole = format.encoding !== 'linear16' || audio.byteLength % 2 === 0
  expect(whole, 'whole samples in all', `${name} ends in the middle of one (${audio.byteLength} bytes)`)
  expectNoZeroRun(audio, format)
}

/** What other containers than WAV begin with. */
const CONTAINERS = ['OggS', 'fLaC', 'ID3', '.snd', 'FORM', '{"', '<?xm'] as const

/** The audio behind a WAV header at the very start; a header further on would be played as a click. */
export function withoutHeader(bytes: Buffer): Uint8Array {
  const header = parseWavHeader(bytes)
  const audio = typeof header === 'object' ? bytes.subarray(header.dataOffset) : bytes
  for (let at = audio.indexOf('RIFF', 0, 'latin1'); at >= 0; at = audio.indexOf('RIFF', at + 4, 'latin1')) {
    const isHeader = audio.toString('latin1', at + 8, at + 12) === 'WAVE'
    if (isHeader) fail(`expected a WAV header at the start or none; one stands in the audio at byte ${at}`)
  }
  const start = audio.toString('latin1', 0, 4)
  const container = CONTAINERS.find((one) => start.startsWith(one))
  if (container !== undefined)
    fail(`expected bare samples or WAV; the audio begins with ${JSON.stringify(container)}`)
  return audio
}
