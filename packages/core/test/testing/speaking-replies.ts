import { durationMs, type TtsProvider, type TtsRequest } from '../../src/index.ts'

/** What comes before the audio of a voice that sends a header. */
const HEADER_BYTES = 44

/** The same voice, which speaks replies clause by clause and keeps the whole contract in that. */
export const speakingReplies = (provider: TtsProvider): TtsProvider => ({
  ...provider,
  async *speakReply(clauses, request, signal) {
    const iterator = clauses[Symbol.asyncIterator]()
    let stop = () => {}
    const stopped = new Promise<undefined>((resolve) => (stop = () => resolve(undefined)))
    signal.addEventListener('abort', stop)
    let bytes = 0
    // The times of a clause begin anew, those of a reply go on.
    const { onWord, format } = request
    const placed = (ms: number): Pick<TtsRequest, 'onWord'> =>
      onWord === undefined ? {} : { onWord: ({ word, startMs }) => onWord({ word, startMs: startMs + ms }) }
    try {
      while (!signal.aborted) {
        const next = await Promise.race([iterator.next(), stopped])
        if (next === undefined || next.done === true) return
        const said = { ...request, text: next.value, ...placed(durationMs(format, bytes)) }
        for await (const chunk of provider.speak(said, signal)) {
          if (chunk.byteLength === HEADER_BYTES) continue
          bytes += chunk.byteLength
          yield chunk
        }
      }
    } finally {
      signal.removeEventListener('abort', stop)
      void iterator.return?.()
    }
  },
})
