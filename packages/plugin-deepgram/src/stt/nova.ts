import { Type } from '@kav/core'
import { createForeignReader, given, shareOf, type SttProtocol } from '@kav/core/kit'
import { languageIn, MAX_TEXT_CHARS, msOf, wordsOf } from './message-fields.ts'
import type { SttParams } from './stt-params.ts'

/** Words in a message; everything beside them is read field by field, and left out where it is odd. */
const maybe = Type.Optional(Type.Unknown())
const Transcript = Type.String({ maxLength: MAX_TEXT_CHARS })
const Heard = Type.Object({ transcript: Transcript, confidence: maybe, words: maybe, languages: maybe })
const readResults = createForeignReader(
  Type.Object({
    is_final: Type.Optional(Type.Boolean()),
    speech_final: maybe,
    start: maybe,
    duration: maybe,
    channel: Type.Object({ alternatives: Type.Array(Heard, { minItems: 1 }) }),
  }),
)

const FINALIZE = '{"type":"Finalize"}'

/**
 * Nova's live protocol, `/v1/listen` (deepgram-api-specs, asyncapi.yml, "ListenV1"): audio goes as binary messages,
 * `Results` come for a segment that grows until `is_final`; `speech_final` says that a pause closed it, `UtteranceEnd`
 * that no word came for `utterance_end_ms`. `CloseStream` gives all that is left, then `Metadata`, then the close. A
 * session that gets nothing for 10 s is closed with NET-0001, so a `KeepAlive` goes out in silence.
 */
export function novaProtocol(params: SttParams): SttProtocol {
  const isStuck = createStuckWatch(params.finalize_after_ms)

  const results: SttProtocol['read'] = (message, session) => {
    const read = readResults(message)
    if (!read.ok) return session.odd()
    const { is_final, speech_final, start, duration, channel } = read.value
    const [best, ...others] = channel.alternatives
    const { transcript: text, confidence, words, languages } = best!
    const [startMs, lengthMs] = [msOf(start), msOf(duration)]
    const endMs = startMs === undefined || lengthMs === undefined ? undefined : startMs + lengthMs
    const told = { text, ...given({ words: wordsOf(words), language: languageIn(languages) }) }
    if (is_final !== true) {
      session.emit({ type: 'partial', ...told })
      if (isStuck(text, endMs)) session.send(FINALIZE)
      return
    }
    isStuck('', endMs)
    const alternatives = others.map(({ transcript }) => transcript)
    session.emit({
      type: 'final',
      ...told,
      ...given({ endMs, confidence: text === '' ? undefined : shareOf(confidence) }),
      ...(alternatives.length > 0 && { alternatives }),
    })
    if (speech_final === true) session.emit({ type: 'speech-stopped', ...given({ atMs: endMs }) })
  }

  return {
    last: '{"type":"CloseStream"}',
    read(message, session) {
      const { type, timestamp, last_word_end } = message
      if (type === 'Results') results(message, session)
      else if (type === 'SpeechStarted')
        session.emit({ type: 'speech-started', ...given({ atMs: msOf(timestamp) }) })
      else if (type === 'UtteranceEnd')
        session.emit({ type: 'speech-stopped', ...given({ atMs: msOf(last_word_end) }) })
      else if (type === 'Metadata') {
        if (session.finishing) session.end()
      } else session.odd()
    },
  }
}

/** Whether words have stood unchanged for `limitMs` of audio; once for the same words. */
function createStuckWatch(limitMs: number): (text: string, endMs: number | undefined) => boolean {
  let known = ''
  let sinceMs = Infinity
  return (text, endMs = 0) => {
    if (text !== known) {
      known = text
      sinceMs = text === '' ? Infinity : endMs
    }
    if (limitMs === 0 || endMs - sinceMs < limitMs) return false
    sinceMs = Infinity
    return true
  }
}
