import { definePlugin, frameBytes, MULAW_8K, type SttEvent } from '@kav/core'
import { createPushQueue, delay } from '@kav/core/kit'
import { Type } from '@sinclair/typebox'

/** Stand-ins that cost next to nothing here, as providers of a network do: what is measured is the process. */

const NO_PARAMS = Type.Object({}, { additionalProperties: false })
const FRAME_MS = 20
const SAID = 'I have a question about my last bill.'
/** Quiet after a voice, until the words of it are final. */
const QUIET_MS = 500
const PARTIAL_EVERY_MS = 400
const FIRST_WORD_MS = 350
const WORD_MS = 30
const ANSWER =
  'Of course. The last bill was sent on Monday, and it has two parts. Which of the two is the question about?'
/** Some sixteen characters a second, as voices speak. */
const MS_PER_CHARACTER = 62
const CHUNK_MS = 100
const BYTES_PER_MS = frameBytes(MULAW_8K) / FRAME_MS
/** Mu-law without its sign, inverted: louder than a hum on the line. */
const LOUD = 0x38

/** Hears whether there is a voice, and takes every utterance for the same sentence. */
export const simulatedStt = definePlugin({
  kind: 'stt',
  name: 'simulated-stt',
  description: 'Takes every utterance for the same sentence.',
  params: NO_PARAMS,
  create: () => ({
    accepts: [MULAW_8K],
    async openSession() {
      const events = createPushQueue<SttEvent>()
      let voicedMs = 0
      let quietMs = 0
      let nextPartialMs = PARTIAL_EVERY_MS
      return {
        write(audio) {
          const ms = audio.length / BYTES_PER_MS
          if (isVoiced(audio)) {
            voicedMs += ms
            quietMs = 0
          } else quietMs += ms
          if (voicedMs >= nextPartialMs) {
            events.push({ type: 'partial', text: wordsAfter(voicedMs) })
            nextPartialMs = voicedMs + PARTIAL_EVERY_MS
          }
          if (quietMs < QUIET_MS || voicedMs < PARTIAL_EVERY_MS) return
          events.push({ type: 'final', text: SAID })
          voicedMs = quietMs = 0
          nextPartialMs = PARTIAL_EVERY_MS
        },
        finish: () => events.end(),
        events: events.items,
        close: async () => events.end(),
      }
    },
    close: async () => undefined,
  }),
})

function isVoiced(audio: Uint8Array): boolean {
  let loud = 0
  for (const byte of audio) if ((~byte & 0x7f) > LOUD) loud++
  return loud * 8 > audio.length
}

function wordsAfter(voicedMs: number): string {
  return SAID.split(' ')
    .slice(0, Math.max(1, Math.round(voicedMs / PARTIAL_EVERY_MS)))
    .join(' ')
}

/** Answers two sentences, word by word, at the pace of a quick model. */
export const simulatedLlm = definePlugin({
  kind: 'llm',
  name: 'simulated-llm',
  description: 'Gives every question the same answer.',
  params: NO_PARAMS,
  create: (_params, { clock }) => ({
    async *reply(_request, signal) {
      await delay(clock, FIRST_WORD_MS, signal).catch(() => undefined)
      for (const word of ANSWER.split(/(?<= )/)) {
        if (signal.aborted) return
        yield { type: 'text', text: word }
        await delay(clock, WORD_MS, signal).catch(() => undefined)
      }
      if (!signal.aborted) yield { type: 'end', reason: 'stop' }
    },
    close: async () => undefined,
  }),
})

/** Speaks as long as a voice would, and is done at once. */
export const simulatedTts = definePlugin({
  kind: 'tts',
  name: 'simulated-tts',
  description: 'A noise as long as the words.',
  params: NO_PARAMS,
  create() {
    const chunk = Uint8Array.from(
      { length: CHUNK_MS * BYTES_PER_MS },
      (_, at) => 0x90 + ((at * 37) % 48) + (at & 1 ? 0 : 0x40),
    )
    return {
      produces: [MULAW_8K],
      async *speak({ text }, signal) {
        const chunks = Math.ceil((text.length * MS_PER_CHARACTER) / CHUNK_MS)
        for (let count = 0; count < chunks && !signal.aborted; count++) yield chunk
      },
      close: async () => undefined,
    }
  },
})
