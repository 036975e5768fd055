import { MULAW_8K, MULAW_SILENCE, ProviderError, type SttProvider, type SttSession } from '../../src/index.ts'
import {
  createFakeStt,
  createRealClock,
  type FakeStt,
  type SttContractOptions,
} from '../../src/testing/index.ts'
import { QUICK } from './suite-failures.ts'

/** In this toy language a word is a run of one byte, heard only when the run is whole. */
const WORDS = new Map([
  [0x11, 'weasels'],
  [0x22, 'have'],
  [0x33, 'eaten'],
])
const WORD_BYTES = 1600
const GAP_BYTES = 400

export const SPEECH = Buffer.concat([
  ...[...WORDS.keys()].flatMap((byte) => [
    Buffer.alloc(GAP_BYTES, MULAW_SILENCE),
    Buffer.alloc(WORD_BYTES, byte),
  ]),
  Buffer.alloc(GAP_BYTES, MULAW_SILENCE),
])

export function hearWords(audio: Uint8Array): string {
  const words: string[] = []
  for (let start = 0, end = 0; start < audio.byteLength; start = end) {
    while (end < audio.byteLength && audio[end] === audio[start]) end++
    const word = WORDS.get(audio[start]!)
    if (word !== undefined && end - start === WORD_BYTES) words.push(word)
  }
  return words.join(' ')
}

/** A recogniser that keeps the whole contract, for the suite to pass on and for faults to be put into. */
export function createWordRecogniser(): FakeStt {
  return createFakeStt({
    clock: createRealClock(),
    hears: hearWords,
    finishMs: 5,
    says: [
      { atMs: 100, event: { type: 'speech-started', atMs: 50 } },
      { atMs: 300, event: { type: 'partial', text: 'weasels' } },
    ],
    recognize: hearWords,
  })
}

/** Options of the suite, with `change` done to every provider. */
export function sttOptions(
  change: (provider: SttProvider) => SttProvider = (provider) => provider,
): SttContractOptions {
  let latest: FakeStt | undefined
  return {
    ...QUICK,
    create() {
      const fake = createWordRecogniser()
      return change({
        ...fake.provider,
        openSession(options) {
          latest = fake
          return fake.provider.openSession(options)
        },
        recognize(audio, options) {
          latest = fake
          return fake.provider.recognize!(audio, options)
        },
      })
    },
    createFailing: () =>
      change(
        createFakeStt({
          clock: createRealClock(),
          opening: { error: new ProviderError('auth', 'wrong key') },
        }).provider,
      ),
    speech: SPEECH,
    format: MULAW_8K,
    expected: /^weasels have eaten$/,
    lastWord: /eaten$/,
    speechEndMs: 750,
    pace: Number.POSITIVE_INFINITY,
    received: () => {
      const session = latest?.sessions.at(-1)
      return Buffer.concat([session?.audio() ?? Buffer.alloc(0), ...(latest?.recognized ?? [])])
    },
  }
}

/** The same provider whose every session is changed. */
export const withSession =
  (change: (session: SttSession) => Partial<SttSession>) =>
  (provider: SttProvider): SttProvider => ({
    ...provider,
    async openSession(options) {
      const session = await provider.openSession(options)
      return { ...session, ...change(session) }
    },
  })
