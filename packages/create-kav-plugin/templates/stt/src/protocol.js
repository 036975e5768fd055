// @ts-check
/** @import { SttProtocol } from '@kav/core/kit' */

/**
 * The messages of the service. Ours: `start`, then audio as binary messages, then `end`. Its own: `ready`, then `words`
 * which grow until they are `final`, and `bye` when all is said.
 *
 * @param {{ language: string, hints: readonly string[] }} session
 * @returns {SttProtocol}
 */
export function wordsProtocol({ language, hints }) {
  return {
    first: [JSON.stringify({ type: 'start', encoding: 'mulaw', rate_hz: 8000, language, phrases: hints })],
    isReady: ({ type }) => type === 'ready',
    last: JSON.stringify({ type: 'end' }),

    // Whatever the service sends may be anything: what cannot be read is counted, never guessed.
    read({ type, text, final, end_ms: endMs }, session) {
      if (type === 'ready') return
      if (type === 'bye') return session.end()
      if (type !== 'words' || typeof text !== 'string') return session.odd()
      if (final !== true) return session.emit({ type: 'partial', text })
      session.emit({ type: 'final', text, ...(typeof endMs === 'number' && { endMs }) })
    },
  }
}
