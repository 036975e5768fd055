import { writeWav } from '../audio/index.ts'
import { MULAW_8K, type TtsRequest, type TtsProvider } from '../contracts/index.ts'

const BYTES_PER_MS = 8
const TURNS = 3

/**
 * Has a voice say a text three times, as a request of its own and, where it takes them, as a reply that comes in
 * parts, and tells in lines how long until the first audio and the last. Resolves with the last request's speech as a
 * WAV file, mu-law; rejects with what the provider throws.
 */
export async function timeSpeech(
  provider: TtsProvider,
  text: string,
  tell: (line: string) => void,
): Promise<Uint8Array> {
  const { signal } = new AbortController()
  const asked = (words: string): TtsRequest => ({ callId: 'live', text: words, format: MULAW_8K })
  let speech: Uint8Array = new Uint8Array(0)
  await provider.warm?.('live')
  for (let turn = 1; turn <= TURNS; turn += 1) {
    speech = await timeAudio(`request ${turn}`, provider.speak(asked(text), signal), tell)
    if (provider.speakReply)
      await timeAudio(`reply ${turn}`, provider.speakReply(clauses(text), asked(''), signal), tell)
  }
  return writeWav(MULAW_8K, 1, speech)
}

async function timeAudio(
  what: string,
  audio: AsyncIterable<Uint8Array>,
  tell: (line: string) => void,
): Promise<Uint8Array> {
  const startMs = performance.now()
  const sinceStart = (): number => Math.round(performance.now() - startMs)
  const chunks: Uint8Array[] = []
  for await (const chunk of audio) {
    if (chunks.length === 0) tell(`${what}: first audio after ${sinceStart()} ms`)
    // The provider may use the chunk's memory again.
    chunks.push(Uint8Array.from(chunk))
  }
  const whole = Buffer.concat(chunks)
  tell(`${what}: ${Math.round(whole.length / BYTES_PER_MS)} ms of speech after ${sinceStart()} ms`)
  return whole
}

async function* clauses(text: string): AsyncGenerator<string> {
  yield text
}
