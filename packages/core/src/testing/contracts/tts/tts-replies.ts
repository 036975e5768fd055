import type { TtsProvider } from '../../../contracts/index.ts'
import { expect, fail, turn, within, type ContractCase } from '../common/contract-case.ts'
import { expectQuietEnd, settled } from '../common/outcome.ts'
import type { TtsBench } from './tts-bench.ts'
import { inTurn } from './tts-ways.ts'

/** Some engines speak at once, some wait for a few clauses. */
const FIRST_CLAUSES = 3

/** Replies clause by clause, where a provider speaks them. */
export function spokenReplies(bench: TtsBench): ContractCase[] {
  const { suite, text, requestOf, read, firstFormat, expectSpeech } = bench
  return [
    suite.on(
      'reply',
      'a reply spoken clause by clause, where that is offered, is spoken to its end',
      async (provider) => {
        if (provider.speakReply === undefined) return
        const format = firstFormat(provider)
        const request = requestOf(format, '')
        const reply = provider.speakReply(inTurn([text, text]), request, new AbortController().signal)
        expectSpeech(await read(reply), format, `${text} ${text}`)
      },
    ),
    suite.on('reply-abort', 'an abort ends a reply whose clauses are still to come', (provider) =>
      abortsAmongClauses(bench, provider),
    ),
    suite.on('reply-streams', 'a reply is heard before its last clause has come', (provider) =>
      speaksBeforeTheLast(bench, provider),
    ),
    suite.on(
      'reply-fault',
      'a reply whose clauses break off with an error is not told as whole',
      (provider) => tellsOfTheClauses(bench, provider),
    ),
  ]
}

async function abortsAmongClauses(
  { text, requestOf, firstFormat, promptMs, expectEnded }: TtsBench,
  provider: TtsProvider,
): Promise<void> {
  if (provider.speakReply === undefined) return
  const abort = new AbortController()
  const endless = (async function* () {
    yield text
    await new Promise((resolve) => abort.signal.addEventListener('abort', resolve))
  })()
  const reply = provider.speakReply(endless, requestOf(firstFormat(provider), ''), abort.signal)
  const iterator = reply[Symbol.asyncIterator]()
  const first = settled(iterator.next())
  await Promise.race([first, new Promise((resolve) => setTimeout(resolve, 50))])
  abort.abort()
  const outcome = await within(first, promptMs, 'the reply to end after an abort')
  expectQuietEnd(outcome.error, 'speakReply to throw')
  if (outcome.value?.done === false) await expectEnded(iterator, 'while clauses are still to come')
}

async function speaksBeforeTheLast(
  { text, requestOf, firstFormat, stepMs, promptMs }: TtsBench,
  provider: TtsProvider,
): Promise<void> {
  if (provider.speakReply === undefined) return
  const abort = new AbortController()
  let goOn = () => {}
  const mayGoOn = new Promise<void>((resolve) => (goOn = resolve))
  const clauses = (async function* () {
    for (let clause = 0; clause < FIRST_CLAUSES; clause++) {
      yield text
      await turn()
    }
    await mayGoOn
    yield text
  })()
  const reply = provider.speakReply(clauses, requestOf(firstFormat(provider), ''), abort.signal)
  const iterator = reply[Symbol.asyncIterator]()
  try {
    const what = `audio of the first ${FIRST_CLAUSES} clauses of a reply before the last one has come`
    const { done } = await within(iterator.next(), stepMs, what)
    if (done === true) fail(`expected ${what}; the audio ended without any`)
  } finally {
    abort.abort()
    goOn()
  }
  await within(settled(iterator.next()), promptMs, 'the reply to end after an abort')
}

async function tellsOfTheClauses(
  { text, requestOf, firstFormat, read }: TtsBench,
  provider: TtsProvider,
): Promise<void> {
  if (provider.speakReply === undefined) return
  const broken = (async function* () {
    yield text
    await turn()
    throw new Error('contract: the clauses broke off')
  })()
  const request = requestOf(firstFormat(provider), '')
  const { error } = await settled(read(provider.speakReply(broken, request, new AbortController().signal)))
  expect(error !== undefined, 'a throw when the clauses throw', 'the reply ended as if it were whole')
}
