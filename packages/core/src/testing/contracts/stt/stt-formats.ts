import { type AudioFormat, bytesPerSecond, formatName, type SttProvider } from '../../../contracts/index.ts'
import { fakeSpeech } from '../../fakes/fake-speech.ts'
import { expect, within, type ContractCase } from '../common/contract-case.ts'
import { listen } from './listen.ts'
import type { SttBench } from './stt-bench.ts'
import { expectFormat, type ReceivedOptions } from '../common/told-options.ts'

/** Sound for far ends that need not understand it: about a second. */
const SOUND = 'whatever is said'
const BATCHES_PER_SECOND = 25

/** That a recogniser takes every format of its list, as that format. */
export function listedFormats(bench: SttBench): ContractCase[] {
  const { options, suite, stepMs, sessionOptions, toEnd, close, write, expectText } = bench
  const { speechIn, receivedOptions } = options

  /** What is said, and what of that was heard. */
  async function session(provider: SttProvider, format: AudioFormat, audio: Uint8Array) {
    const what = `openSession to resolve in ${formatName(format)}, which "accepts" lists`
    const opening = (async () => provider.openSession({ ...sessionOptions(provider), format }))()
    const opened = await within(opening, stepMs, what)
    const listening = listen(opened)
    const sizes = [bytesPerSecond(format) / BATCHES_PER_SECOND]
    await write(opened, audio, { ...bench.pace, format, sizes })
    await toEnd(opened, listening)
    await close(opened)
    return listening
  }

  async function spokenIn(provider: SttProvider, format: AudioFormat): Promise<void> {
    const speech = speechIn?.(format)
    const audio = speech ?? fakeSpeech(SOUND, format)
    const listening = await session(provider, format, audio)
    if (speech !== undefined)
      expectText(listening, options.expected, `for known speech in ${formatName(format)}`)
    if (receivedOptions !== undefined) await expectTold(await receivedOptions(), format, audio)
  }

  /** What was sent on unchanged is told as what it is; what was converted lasts as long as before. */
  async function expectTold(got: ReceivedOptions, written: AudioFormat, audio: Uint8Array): Promise<void> {
    const bytes = options.received && Buffer.from(await options.received())
    if (bytes === undefined || bytes.includes(Buffer.from(audio))) return expectFormat(got, written)
    if (got.format === undefined) return expectFormat(got, written)
    const [sentMs, arrivedMs] = [lengthMs(audio, written), lengthMs(bytes, got.format)]
    // Silence may be added at either end.
    const isWhole = arrivedMs > sentMs * 0.9 && arrivedMs < sentMs * 1.4 + 2000
    const told = `${Math.round(arrivedMs)} ms of ${formatName(got.format)} arrived`
    expect(isWhole, `${Math.round(sentMs)} ms written in ${formatName(written)} to arrive as such`, told)
  }

  return [
    suite.on('formats', 'a session opens in every format that is listed', async (provider) => {
      for (const listed of provider.accepts) await session(provider, listed, new Uint8Array())
    }),
    ...(speechIn === undefined && receivedOptions === undefined
      ? []
      : [
          suite.on('each-format', 'speech is heard in every format that is listed', async (provider) => {
            for (const listed of provider.accepts) await spokenIn(provider, listed)
          }),
        ]),
  ]
}

const lengthMs = (audio: Uint8Array, format: AudioFormat): number =>
  (audio.byteLength / bytesPerSecond(format)) * 1000
