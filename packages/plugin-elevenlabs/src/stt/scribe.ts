import { ProviderError } from '@kav/core'
import { faultOf, type FaultRules, type JsonMessage, type SttProtocol } from '@kav/core/kit'
import { classOfWords } from '../connection.ts'

/** No turn of a caller is longer. */
const MAX_TEXT_CHARS = 100_000
/** With nothing left to write down, the last commit is answered with one of these. */
const NOTHING_LEFT = new Set(['commit_throttled', 'insufficient_audio_activity'])
/** Messages that say nothing a call could use. */
const QUIET = new Set(['session_started', 'committed_transcript_with_timestamps'])

/**
 * Scribe's live protocol, `/v1/speech-to-text/realtime` (elevenlabs-js, `wrapper/realtime/connection.ts` and
 * `v1SpeechToTextRealtime`): `session_started`, then audio as base64 in `input_audio_chunk`; `partial_transcript`s grow
 * until a pause, or a chunk with `commit`, makes them a `committed_transcript`. Everything else is a fault, by its name.
 */
export function scribeProtocol(faults: FaultRules, sampleRateHz: number): SttProtocol {
  const [head, tail] = JSON.stringify({
    message_type: 'input_audio_chunk',
    audio_base_64: '|',
    commit: false,
    sample_rate: sampleRateHz,
  }).split('|') as [string, string]
  return {
    isReady: ({ message_type }) => message_type === 'session_started',
    // For every write of every call: base64 needs no escaping.
    audioMessage: (audio) =>
      head + Buffer.from(audio.buffer, audio.byteOffset, audio.byteLength).toString('base64') + tail,
    last: head + tail.replace('"commit":false', '"commit":true'),
    read(message, session) {
      const { message_type: type, text, error } = message
      const isText = typeof text === 'string' && text.length <= MAX_TEXT_CHARS
      if (type === 'partial_transcript' && isText) session.emit({ type: 'partial', text })
      else if (type === 'committed_transcript' && isText) {
        session.emit({ type: 'final', text })
        if (session.finishing) session.end()
      } else if (typeof type === 'string' && typeof error === 'string') {
        if (session.finishing && NOTHING_LEFT.has(type)) session.end()
        // A commit of its own that came too early costs nothing.
        else if (type !== 'commit_throttled') throw fault(type, message, faults)
      } else if (!QUIET.has(String(type))) session.odd()
    },
  }
}

function fault(type: string, { error }: JsonMessage, faults: FaultRules): ProviderError {
  const errorClass = classOfWords(0, type) ?? 'network'
  return faultOf({ errorClass, said: `${type}: ${String(error)}`, details: { code: type } }, faults)
}
