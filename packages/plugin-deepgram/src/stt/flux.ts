import { ProviderError, type SttEvent, Type } from '@kav/core'
import {
  classOfStatus,
  createForeignReader,
  faultOf,
  type FaultRules,
  given,
  type JsonMessage,
  shareOf,
  type SttProtocol,
  type SttSocketSession,
} from '@kav/core/kit'
import { languageIn, MAX_TEXT_CHARS, msOf, wordsOf } from './message-fields.ts'

const readTurn = createForeignReader(
  Type.Object({
    event: Type.String(),
    transcript: Type.String({ maxLength: MAX_TEXT_CHARS }),
    audio_window_end: Type.Optional(Type.Unknown()),
    words: Type.Optional(Type.Unknown()),
    end_of_turn_confidence: Type.Optional(Type.Unknown()),
    languages: Type.Optional(Type.Unknown()),
  }),
)

type Turn = Extract<ReturnType<typeof readTurn>, { ok: true }>['value']

/**
 * Flux's protocol, `/v2/listen` (deepgram-api-specs, asyncapi.yml, "ListenV2", and developers.deepgram.com/docs/flux/state):
 * `Connected`, then a `TurnInfo` for each step of a turn, whose transcript is all of the turn so far. An
 * `EagerEndOfTurn` may be taken back by `TurnResumed`; the transcript of `EndOfTurn` is that of the last
 * `EagerEndOfTurn`. There is no message to keep it alive: audio does. A fault is an `Error` with a code.
 */
export function fluxProtocol(faults: FaultRules): SttProtocol {
  return {
    isReady: ({ type }) => type === 'Connected',
    last: '{"type":"CloseStream"}',
    read(message, session) {
      const { type } = message
      if (type === 'Error') throw fault(message, faults)
      if (type === 'Connected' || type === 'ConfigureSuccess') return
      const read = readTurn(message)
      if (type === 'TurnInfo' && read.ok) turn(read.value, session)
      else session.odd()
    },
  }
}

function turn(info: Turn, session: SttSocketSession): void {
  const { event, transcript: text } = info
  const at = given({ atMs: msOf(info.audio_window_end) })
  const words = given({ words: wordsOf(info.words), language: languageIn(info.languages) })
  const partial: SttEvent = { type: 'partial', text, ...words }
  const probability = shareOf(info.end_of_turn_confidence)
  switch (event) {
    case 'StartOfTurn':
      session.emit({ type: 'speech-started', ...at })
      return session.emit(partial)
    case 'Update':
      return session.emit(partial)
    case 'TurnResumed':
      session.emit({ type: 'turn-resumed', ...at })
      return session.emit(partial)
    case 'EagerEndOfTurn':
      session.emit(partial)
      // 1 would be sure, and nothing that is sure is taken back.
      return session.emit({ type: 'turn-ended', probability: Math.min(probability ?? 0.5, 0.999), ...at })
    case 'EndOfTurn':
      session.emit({
        type: 'final',
        text,
        ...words,
        ...given({ endMs: at.atMs, confidence: leastSure(info.words) }),
      })
      session.emit({ type: 'speech-stopped', ...at })
      return session.emit({ type: 'turn-ended', ...at })
    default:
      return session.odd()
  }
}

/** Flux tells confidence by the word: a turn is as sure as its words are on the whole. */
function leastSure(words: unknown): number | undefined {
  const shares = wordsOf(words)?.map((word) => word.confidence)
  if (shares === undefined || !shares.every((share) => share !== undefined)) return undefined
  return shares.reduce((sum, share) => sum + share, 0) / shares.length
}

/** `Error` has a code such as `INTERNAL_SERVER_ERROR` or `UNPARSABLE_CLIENT_MESSAGE`, and a description. */
function fault({ code, description }: JsonMessage, faults: FaultRules): ProviderError {
  const name = typeof code === 'string' ? code : 'an error without a code'
  const said = typeof description === 'string' ? `${name}: ${description}` : name
  const status = /UNAUTHORIZED|FORBIDDEN|AUTH/.test(name)
    ? 401
    : /INTERNAL|UNAVAILABLE|TIMEOUT/.test(name)
      ? 500
      : 400
  return faultOf({ errorClass: classOfStatus(status), said, details: { code: name } }, faults)
}
