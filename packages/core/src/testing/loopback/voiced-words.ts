import { MULAW_TO_LINEAR } from '../../audio/g711.ts'

/** Louder than the hiss of a line. */
const VOICED_LEVEL = 500
/** So much voice makes a word: a tenth of a second of mu-law at 8 kHz. */
const BYTES_PER_WORD = 800
/** So much silence ends an utterance. */
const SILENCE_BYTES = 4_000

/** What a double of a recogniser hears of a line. Offsets are those of all bytes so far. */
export interface VoicedWords {
  /** More mu-law at 8 kHz; tells through the two callbacks. */
  hear(audio: Uint8Array): void
  /** No more audio comes: an utterance that was begun is over. */
  end(): void
  /** The bytes heard so far, silence too. */
  readonly bytes: number
}

export interface VoicedWordsOptions {
  /** What the caller says, one text for each utterance; the last one again and again. */
  readonly said: readonly string[]
  /** One more word of the utterance; `text` is all of it so far. */
  onWords(text: string, fromBytes: number): void
  /** The utterance is over: all of its words, however short the voice was. */
  onEnd(text: string, fromBytes: number): void
}

/** Makes given words out of voice and none out of silence, so that a double can hear a whole call. */
export function createVoicedWords(options: VoicedWordsOptions): VoicedWords {
  const { said, onWords, onEnd } = options
  let bytes = 0
  let utterance = 0
  let voiced = 0
  let silent = 0
  let told = 0
  let fromBytes = 0
  const words = (): string[] => (said[Math.min(utterance, said.length - 1)] ?? '').split(' ')

  function end(): void {
    if (voiced < BYTES_PER_WORD / 2) return
    onEnd(words().join(' '), fromBytes)
    utterance++
    voiced = 0
    told = 0
  }

  return {
    hear(audio) {
      for (const byte of audio) {
        bytes++
        if (Math.abs(MULAW_TO_LINEAR[byte]!) < VOICED_LEVEL) {
          if (++silent === SILENCE_BYTES) end()
          continue
        }
        silent = 0
        if (voiced++ === 0) fromBytes = bytes
        const heard = Math.min(words().length, Math.floor(voiced / BYTES_PER_WORD))
        if (heard > told)
          onWords(
            words()
              .slice(0, (told = heard))
              .join(' '),
            fromBytes,
          )
      }
    },
    end,
    get bytes() {
      return bytes
    },
  }
}
