import { durationMs, formatName, sameFormat, type SttProvider } from '../../../contracts/index.ts'
import { expect, within, type ContractCase } from '../common/contract-case.ts'
import { expectOrder } from './event-order.ts'
import { listen } from './listen.ts'
import { classCases, hostCases, hostProbe, wordsCases } from '../common/host-cases.ts'
import { expectProviderError, expectQuietEnd, settled } from '../common/outcome.ts'
import { closedSessions, endedByTheFarSide, endedSessions, writesTooLate } from './stt-ends.ts'
import { listedFormats } from './stt-formats.ts'
import { heardOnce } from './stt-heard.ts'
import { leftSessions } from './stt-left.ts'
import { laterSessions } from './stt-later.ts'
import { toldOptions } from './stt-told.ts'
import { silentFarEnds } from './stt-far-end.ts'
import { createSttBench, faultOf, type SttBench, type SttContractOptions } from './stt-bench.ts'

export type { SttContractOptions } from './stt-bench.ts'

/** What a session hears. */
function heardSpeech(bench: SttBench): ContractCase[] {
  const { options, speech, format, expected, suite, toLastWord } = bench
  const { open, close, toEnd, expectText, expectReceived, recognise } = bench
  return [
    suite.on('formats', 'accepts the format it is tested in', async (provider) => {
      const known = provider.accepts.some((one) => sameFormat(one, format))
      expect(
        known,
        `accepts to list ${formatName(format)}`,
        `it lists ${provider.accepts.map(formatName).join(', ')}`,
      )
    }),
    ...listedFormats(bench),
    suite.on('words', 'known speech comes back as finals with its words', async (provider) => {
      expectText(await recognise(provider, speech), expected, 'for known speech')
    }),
    suite.on(
      [
        'known-events',
        'closing',
        'order',
        'partial-final',
        'offsets',
        'word-times',
        'alternatives',
        'turn-events',
        'usage',
      ],
      'events are well formed, in order, and every partial is followed by a final',
      async (provider) => {
        const { events } = await recognise(provider, speech)
        expectOrder(events, durationMs(format, speech.byteLength))
      },
    ),
    suite.on('last-word', 'the last word survives when finish follows it at once', async (provider) => {
      const listening = await recognise(provider, toLastWord)
      expectText(listening, options.lastWord ?? expected, 'when audio ends right after the last word')
      await expectReceived(toLastWord, 'when finish follows the last write at once')
    }),
    suite.on('finish-ends', 'finish without any audio ends the events', async (provider) => {
      const session = await open(provider)
      await toEnd(session, listen(session))
      await close(session)
    }),
  ]
}

/** That audio may be written in any way, and to several sessions. */
function writtenAudio({
  speech,
  expected,
  suite,
  promptMs,
  sampleBytes,
  toLastWord,
  open,
  close,
  write,
  toEnd,
  expectText,
  expectReceived,
  recognise,
  pace,
}: SttBench): ContractCase[] {
  return [
    suite.on(
      'lent',
      'a buffer is only lent: overwriting it after write changes nothing',
      async (provider) => {
        const listening = await recognise(provider, toLastWord, { ...pace, scribble: true })
        expectText(
          listening,
          expected,
          'when the buffer of each write is overwritten once write has returned',
        )
        await expectReceived(
          toLastWord,
          'when the buffer of each write is overwritten once write has returned',
        )
      },
    ),
    suite.on('any-size', 'writes of any size, odd ones too, are heard the same', async (provider) => {
      const sizes = [1, 0, 7, 33, 160, 321, 3, 1001].map((samples) => samples * sampleBytes)
      const listening = await recognise(provider, toLastWord, { ...pace, sizes })
      expectText(listening, expected, `when written in pieces of ${sizes.join(', ')} bytes`)
      await expectReceived(toLastWord, `when written in pieces of ${sizes.join(', ')} bytes`)
    }),
    suite.on('apart', 'two sessions at once do not disturb each other', async (provider) => {
      const [kept, dropped] = await Promise.all([open(provider), open(provider)])
      const [heard, cutOff] = [listen(kept), listen(dropped)]
      const half = speech.subarray(0, Math.floor(speech.byteLength / 4) * 2)
      await Promise.all([write(kept, speech), write(dropped, half).then(() => close(dropped))])
      await toEnd(kept, heard)
      await within(cutOff.over, promptMs, 'events of the closed session to end')
      await close(kept)
      expectText(heard, expected, 'when another session is closed in the middle')
    }),
  ]
}

function recognizeCases({
  speech,
  expected,
  suite,
  stepMs,
  promptMs,
  sessionOptions,
  expectReceived,
}: SttBench): ContractCase[] {
  const name = 'recognize, where there is one, hears known speech in one request and can be aborted'
  const run = async (provider: SttProvider) => {
    if (provider.recognize === undefined) return
    const text = await within(
      provider.recognize(new Uint8Array(speech), sessionOptions(provider)),
      stepMs,
      'recognize to resolve',
    )
    expect(
      expected.test(text),
      `recognize to give text that matches ${expected}`,
      `it gave ${JSON.stringify(text)}`,
    )
    await expectReceived(speech, 'by recognize')
    const abort = new AbortController()
    const request = settled(
      provider.recognize(new Uint8Array(speech), sessionOptions(provider, abort.signal)),
    )
    abort.abort()
    const outcome = await within(request, promptMs, 'recognize to settle after an abort')
    expectQuietEnd(outcome.error, 'recognize, aborted, to reject with')
  }
  return [suite.on(['recognize', 'recognize-abort'], name, run)]
}

function failingCases(bench: SttBench): ContractCase[] {
  const { options, suite } = bench
  if (options.createFailing === undefined) return []
  return [
    suite.onFailing(
      'fault',
      'a fault is a ProviderError, thrown by openSession or by the events',
      async (provider) =>
        expectProviderError(await faultOf(bench, provider), 'openSession or the events to throw'),
    ),
  ]
}

/** What is alike for all providers. */
function sharedCases(bench: SttBench): ContractCase[] {
  const { options, suite, toLastWord, recognise } = bench
  const probe = hostProbe(suite, options, {
    exercise: (provider) => recognise(provider, toLastWord),
    faultOf: (provider) => faultOf(bench, provider),
  })
  return [
    ...hostCases(suite, options, probe),
    ...wordsCases(suite, probe),
    ...classCases(suite, options, probe),
  ]
}

/** The contract of `SttProvider` and `SttSession`, one case a sentence. */
export function sttContract(options: SttContractOptions): ContractCase[] {
  const bench = createSttBench(options)
  return [
    ...heardSpeech(bench),
    ...endedByTheFarSide(bench),
    ...closedSessions(bench),
    ...writesTooLate(bench),
    ...writtenAudio(bench),
    ...endedSessions(bench),
    ...recognizeCases(bench),
    ...heardOnce(bench),
    ...laterSessions(bench),
    ...leftSessions(bench),
    ...toldOptions(bench),
    ...silentFarEnds(bench),
    ...failingCases(bench),
    ...sharedCases(bench),
    bench.suite.last('closes', 'the provider closes, also twice'),
    bench.suite.leftBehind('stray-errors'),
  ]
}
