import type { TtsProvider } from '../../src/index.ts'

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
    try {
      while (!signal.aborted) {
        const next = await Promise.race([iterator.next(), stopped])
        if (next === undefined || next.done === true) return
        for await (const chunk of provider.speak({ ...request, text: next.value }, signal))
          if (chunk.byteLength !== HEADER_BYTES) yield chunk
      }
    } finally {
      signal.removeEventListener('abort', stop)
      void iterator.return?.()
    }
  },
})
