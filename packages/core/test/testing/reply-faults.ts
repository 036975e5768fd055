import { MULAW_8K, type TtsProvider, type TtsRequest } from '../../src/index.ts'
import { ttsContract, type TtsContractOptions } from '../../src/testing/index.ts'
import type { Breaks } from './promise-table.ts'
import { expectFailure } from './suite-failures.ts'
import { wholeTtsOptions } from './tts-faults.ts'

type Reply = NonNullable<TtsProvider['speakReply']>
type Change = (provider: TtsProvider) => TtsProvider

const never = () => new Promise<never>(() => {})

/** The same voice, whose replies are changed. */
const withReply =
  (change: (reply: Reply, ...args: Parameters<Reply>) => AsyncIterable<Uint8Array>): Change =>
  (provider) => ({
    ...provider,
    speakReply: (clauses, request, signal) => change(provider.speakReply!, clauses, request, signal),
  })

/** Voices that keep the contract in `speak` alone. */
export function breaksTtsReplies(breaks: Breaks<'tts'>, base: TtsContractOptions): void {
  const fails = (change: Change, caseName: string, message: RegExp) =>
    expectFailure(ttsContract(wholeTtsOptions(base, change)), caseName, message)
  const asWhole = withReply(async function* (reply, ...given) {
    try {
      yield* reply(...given)
    } catch {
      // What a voice does that takes a closed socket for the end.
    }
  })

  breaks('fault', 'a reply that ends as if it were whole when it fails', () =>
    fails(
      asWhole,
      'speakReply: a fault is a ProviderError',
      /speakReply to throw; it ended without an error/,
    ),
  )
  breaks('fault', 'a reply whose fault is a plain error', () =>
    fails(
      withReply(async function* (reply, ...given) {
        try {
          yield* reply(...given)
        } catch {
          throw new TypeError('socket is null')
        }
      }),
      'speakReply: a fault is a ProviderError',
      /it was TypeError: socket is null/,
    ),
  )
  breaks('cut', 'a reply that ends as if it were whole when it is cut', () =>
    fails(asWhole, 'speakReply: an answer that is cut', /it ended as if it were whole/),
  )
  breaks('reply-fault', 'a reply that ends as if it were whole when its clauses throw', () =>
    fails(asWhole, 'a reply whose clauses break off', /the reply ended as if it were whole/),
  )
  breaks('signals', 'a listener that is left by each reply', () =>
    fails(
      withReply((reply, clauses, request, signal) => {
        signal.addEventListener('abort', () => {})
        return reply(clauses, request, signal)
      }),
      'no listener is left on a signal',
      /no listener on the signal once speakReply was read/,
    ),
  )
  breaks('language', 'a language that is ignored in replies', () =>
    fails(
      withReply((reply, clauses, { language: _, ...request }, signal) => reply(clauses, request, signal)),
      'speakReply: the language of the call',
      /the language de-DE to reach the far side; it got none/,
    ),
  )
  breaks('streams', 'a reply that is collected before its first chunk', () =>
    fails(
      withReply(async function* (reply, ...given) {
        const all: Uint8Array[] = []
        for await (const chunk of reply(...given)) all.push(new Uint8Array(chunk))
        yield* all
      }),
      'speakReply: what the far end has sent',
      /a first piece before the far end has ended/,
    ),
  )
  breaks('reply-streams', 'a reply that waits for its last clause', () =>
    fails(
      withReply(async function* (reply, clauses, request, signal) {
        const all: string[] = []
        for await (const clause of clauses) all.push(clause)
        yield* reply(among(all), request, signal)
      }),
      'a reply is heard before its last clause',
      /audio of the first 3 clauses of a reply before the last one has come/,
    ),
  )
  breaks('usage', 'characters that are counted again with every chunk of a reply', () =>
    fails(
      withReply(async function* (reply, clauses, request, signal) {
        for await (const chunk of reply(clauses, request, signal)) {
          request.onUsage?.({ characters: 500 })
          yield chunk
        }
      }),
      'speakReply: word times',
      /whole characters, about 119 in all/,
    ),
  )
  breaks('later', 'a tone for any text of a length', () =>
    fails(
      toned,
      'another text of the same length',
      /it is the same audio\. A double that .*`soundFollowsText: false`/,
    ),
  )
  breaksReplyEnds(breaks, fails)
}

/** A voice, or its double, that hums as long as the text is. */
export const toned: Change = (provider) => ({
  ...provider,
  speak: (request, signal) => provider.speak({ ...request, text: 'a'.repeat(request.text.length) }, signal),
})

async function* among(clauses: readonly string[]): AsyncGenerator<string> {
  yield* clauses
}

function breaksReplyEnds(
  breaks: Breaks<'tts'>,
  fails: (change: Change, caseName: string, message: RegExp) => Promise<void>,
): void {
  breaks('stalled', 'an abort of a reply that waits for the far end', () =>
    fails(
      withReply((reply, clauses, request) => reply(clauses, request, new AbortController().signal)),
      'speakReply: an abort needs no answer',
      /the iteration to end after an abort \(at-once\)/,
    ),
  )
  breaks('left', 'a reply that cannot be left', () =>
    fails(
      withReply((...[reply, ...given]) => {
        const iterator = reply(...given)[Symbol.asyncIterator]()
        return { [Symbol.asyncIterator]: () => ({ next: () => iterator.next(), return: never }) }
      }),
      'speakReply: a consumer that leaves',
      /the iteration to end when left/,
    ),
  )
  breaks('abort-first', 'audio for who had aborted before', () =>
    fails(
      (provider) => ({
        ...provider,
        speak: (request, signal) =>
          provider.speak(request, signal.aborted ? new AbortController().signal : signal),
      }),
      'an abort before the first audio',
      /no audio after an abort before speak was called; some came/,
    ),
  )
  breaksReplyAudio(breaks, fails)
  breaks('formats', 'mu-law where A-law was asked for', () =>
    fails(
      (provider) => ({
        ...provider,
        speak: (request, signal) =>
          provider.speak(
            request.format.encoding === 'alaw' ? { ...request, format: MULAW_8K } : request,
            signal,
          ),
      }),
      'speech in every format',
      /alaw\/8000 to be other bytes than mulaw\/8000/,
    ),
  )
}

/** What is wrong with what is heard of a reply, and with what is asked for it. */
function breaksReplyAudio(
  breaks: Breaks<'tts'>,
  fails: (change: Change, caseName: string, message: RegExp) => Promise<void>,
): void {
  const whole = 'speakReply: what is spoken is what the far end has sent'
  breaks('unchanged', 'a reply in which a byte is lost between two clauses', () =>
    fails(
      withReply(async function* (reply, ...given) {
        let chunks = 0
        for await (const chunk of reply(...given)) yield ++chunks === 5 ? chunk.slice(1) : chunk
      }),
      whole,
      /56159 bytes of mulaw\/8000 were given and 56160 sent/,
    ),
  )
  breaks('word-times', 'word times that begin anew with each clause of a reply', () =>
    fails(
      withReply((reply, clauses, { onWord, ...request }, signal) => {
        let clauseMs = 0
        const fromClause: NonNullable<TtsRequest['onWord']> = ({ word, startMs }) => {
          if (word === 'Good') clauseMs = startMs
          onWord?.({ word, startMs: startMs - clauseMs })
        }
        return reply(clauses, { ...request, onWord: fromClause }, signal)
      }),
      'speakReply: word times',
      /word times that rise to at most \d+ ms; "Good" starts at 0 after/,
    ),
  )
  breaks('asked-format', 'A-law that is asked for as mu-law, of a double that hums alike in both', () => {
    const asMulaw = ({ format, ...request }: TtsRequest): TtsRequest => ({
      ...request,
      format: format.encoding === 'alaw' ? MULAW_8K : format,
    })
    return fails(
      (provider) => ({
        ...provider,
        produces: [{ encoding: 'alaw', sampleRateHz: 8000 }],
        speak: (request, signal) => provider.speak(asMulaw(request), signal),
      }),
      'what is spoken is what the far end has sent',
      /the far side to be told of alaw\/8000; it was told mulaw\/8000/,
    )
  })
  breaks('abort-unasked', 'a text that is sent though its signal had aborted', () =>
    fails(
      (provider) => ({
        ...provider,
        async *speak(request, signal) {
          const live = new AbortController()
          for await (const chunk of provider.speak(request, live.signal)) {
            if (signal.aborted) return live.abort()
            yield chunk
          }
        },
      }),
      'the far end is asked for nothing',
      /no text to be sent that nobody will hear; 1 were/,
    ),
  )
}
