import { setTimeout as sleep } from 'node:timers/promises'
import type { TtsProvider } from '../../../contracts/index.ts'
import { expect, within, type ContractCase } from '../common/contract-case.ts'
import { expectLanguage } from '../common/told-options.ts'
import type { TtsBench } from './tts-bench.ts'
import { inTurn, type TtsWay } from './tts-ways.ts'

/** So many clauses in one call: what a voice remembers of the first ones shows. */
const CLAUSES = 4
/** By then whoever overwrites a chunk in the background has. */
const LENT_MS = 20
const LENT_CHUNKS = 3
/** By then whoever tells something behind the end has. */
const TOLD_LATE_MS = 150

/** What is seen may be the double's doing. */
const AT_FAULT =
  'A double that answers all texts of a length alike, with a tone, is no proof: have it follow the words (`fakeSpeech` does), or set `soundFollowsText: false`'

/** What a voice owes behind its first clause, and behind its first chunk. */
export function laterClauses(bench: TtsBench): ContractCase[] {
  const { options, suite, text, longText, speak, firstFormat, expectSpeech } = bench
  async function speaksAnew(provider: TtsProvider): Promise<void> {
    const format = firstFormat(provider)
    let isKnown = false
    for (let clause = 0; clause < CLAUSES; clause++) {
      const said = clause % 2 === 0 ? text : longText
      const { audio } = await speak(provider, format, said)
      if (options.lengthFollowsText !== false) expectSpeech(audio, format, said)
      if (options.receivedOptions === undefined || options.language === undefined) continue
      const got = await options.receivedOptions()
      isKnown ||= 'language' in got
      expect(
        !isKnown || 'language' in got,
        `the language ${options.language} to reach the far side`,
        'it got none',
      )
      expectLanguage(got, options.language)
    }
  }

  return [
    suite.onFresh(
      'later',
      'each clause is spoken anew, in its language, whatever came before it',
      speaksAnew,
    ),
    suite.on('voice-key', 'the voice goes by one name all the time', async (provider) => {
      const before = provider.voiceKey
      await speak(provider, firstFormat(provider))
      const keys = JSON.stringify([before, provider.voiceKey])
      const isOne = before === provider.voiceKey && (before === undefined || typeof before === 'string')
      expect(isOne, 'one voiceKey, a text or none', `they are ${keys}`)
    }),
  ]
}

/** What is lent with each chunk, and what has to be told before the last one. */
export function lentAudio(
  { stepMs, text, longText, requestOf, firstFormat, start, read, onWay }: TtsBench,
  way: TtsWay,
): ContractCase[] {
  async function lendsChunks(provider: TtsProvider): Promise<void> {
    const iterator = start(provider, undefined, longText, way)
    for (let chunks = 0; chunks < LENT_CHUNKS; chunks++) {
      const next = await within(iterator.next(), stepMs, 'a chunk or the end')
      if (next.done === true) return
      const before = Buffer.from(next.value)
      await sleep(LENT_MS)
      const isSame = before.equals(next.value)
      expect(isSame, 'a chunk to stay as it is until the next one is asked for', 'it was overwritten')
    }
    await iterator.return?.()
  }

  async function tellsInTime(provider: TtsProvider): Promise<void> {
    let told = 0
    const request = requestOf(firstFormat(provider))
    const count = () => void told++
    const { signal } = new AbortController()
    await read(way.speak(provider, [text], { ...request, onWord: count, onUsage: count }, signal))
    const before = told
    await sleep(TOLD_LATE_MS)
    expect(told === before, 'no word time and no usage behind the end of the audio', `${told - before} came`)
  }

  return [
    onWay(way, 'lent', 'a chunk is left as it is until the next one is asked for', lendsChunks),
    onWay(way, 'in-time', 'nothing is told behind the end of the audio', tellsInTime),
  ]
}

/** That what is said again in the place of something else is noticed, also where it takes as long. */
export function textsApart({
  options,
  suite,
  text,
  requestOf,
  read,
  speak,
  firstFormat,
}: TtsBench): ContractCase[] {
  /** Of the same length: a voice that says the one before again says the same. */
  const otherText = text.split(' ').reverse().join(' ')
  const { lengthFollowsText, soundFollowsText } = options
  const soundsAlike = lengthFollowsText === false || soundFollowsText === false || otherText === text

  async function tellsTextsApart(provider: TtsProvider): Promise<void> {
    if (soundsAlike) return
    const format = firstFormat(provider)
    const [first, second] = [await speak(provider, format), await speak(provider, format, otherText)]
    const isOther = !Buffer.from(first.audio).equals(second.audio)
    expect(isOther, 'another text of the same length to sound otherwise', `it is the same audio. ${AT_FAULT}`)
  }

  async function speaksEachClause(provider: TtsProvider): Promise<void> {
    if (soundsAlike || provider.speakReply === undefined) return
    const reply = async (...clauses: readonly string[]) => {
      suite.witness.heard(...clauses)
      const request = requestOf(firstFormat(provider), '')
      return read(provider.speakReply!(inTurn(clauses), request, new AbortController().signal))
    }
    const [twice, both] = [await reply(text, text), await reply(text, otherText)]
    const isOther = !Buffer.from(twice).equals(both)
    expect(isOther, 'the second clause of a reply to be spoken', `it is the first one again. ${AT_FAULT}`)
  }

  return [
    suite.on('later', 'another text of the same length sounds otherwise', tellsTextsApart),
    suite.on('reply', 'a reply, where that is offered, is spoken with each of its clauses', speaksEachClause),
  ]
}
