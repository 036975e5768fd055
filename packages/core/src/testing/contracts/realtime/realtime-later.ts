import { setTimeout as sleep } from 'node:timers/promises'
import type { RealtimeEvent, RealtimeProvider } from '../../../contracts/index.ts'
import { expect, within, type ContractCase } from '../common/contract-case.ts'
import type { RealtimeBench } from './realtime-bench.ts'
import { expectBilled } from '../common/token-usage.ts'

/** Nobody says it by chance. */
const MARK = 'Kumquat-48213'
/** By then whoever overwrites a chunk in the background has. */
const LENT_MS = 20
const LENT_CHUNKS = 3
/** What is played for so long is cut there, give or take. */
const HEARD_MS = 100
const CUT_WITHIN_MS = 50
const LONG = 'This is a long sentence that nobody will ever hear to its end, because it is interrupted.'
const SHORT = 'Hello.'

/** What a session owes that is not the first, and what it owes behind its first event. */
export function laterEvents(bench: RealtimeBench): ContractCase[] {
  const { suite, on } = bench
  return [
    suite.onFresh('later', 'sessions one after the other hear alike, each its own caller alone', (provider) =>
      hearsAnew(bench, provider),
    ),
    on('once', 'what was said, and a call of a tool, are told once', (provider) =>
      tellsOnce(bench, provider),
    ),
    on('usage-once', 'what is billed is told once', (provider) => billsOnce(bench, provider)),
    on('lent-audio', 'audio is left as it is until the next event is asked for', (provider) =>
      lendsAudio(bench, provider),
    ),
  ]
}

/** What of a session has to get to the far side besides its words. */
export function toldFarEnd(bench: RealtimeBench): ContractCase[] {
  const { options, on } = bench
  const { receivedText, receivedHeardMs } = options
  return [
    ...(receivedText === undefined
      ? []
      : [
          on('history', 'what was said before the session reaches the far side', (provider) =>
            tellsHistory(bench, provider, receivedText),
          ),
        ]),
    ...(receivedHeardMs === undefined
      ? []
      : [
          on('heard', 'how much of an interrupted reply was heard reaches the far side', (provider) =>
            tellsWhatWasHeard(bench, provider, receivedHeardMs),
          ),
        ]),
  ]
}

async function hearsAnew(
  { talk, speak, finish, expected }: RealtimeBench,
  provider: RealtimeProvider,
): Promise<void> {
  const hear = async (which: string) => {
    const one = await talk(provider)
    speak(provider, one.session)
    const { text } = await one.until('caller-final')
    expect(expected.test(text), `a ${which} session to hear ${expected}`, `it says ${JSON.stringify(text)}`)
    await one.until('reply-ended')
    await finish(one)
  }
  await hear('first')
  const silent = await talk(provider)
  await finish(silent)
  const said = silent.events.flatMap((event) => (isOfCaller(event) ? [event.text] : []))
  expect(
    said.length === 0,
    'no words of a caller in a session without audio',
    `it says ${JSON.stringify(said.join(' '))}`,
  )
  await hear('third')
}

type OfCaller = Extract<RealtimeEvent, { type: 'caller-partial' | 'caller-final' }>
const isOfCaller = (event: RealtimeEvent): event is OfCaller =>
  event.type === 'caller-partial' || event.type === 'caller-final'

async function tellsOnce(
  { options, talk, speak, finish }: RealtimeBench,
  provider: RealtimeProvider,
): Promise<void> {
  const { tool } = options
  const one = await talk(provider, tool && { tools: [tool.tool] })
  speak(provider, one.session)
  if (tool !== undefined) {
    one.session.toolResult((await one.until('tool-call')).id, tool.result)
    await one.until('agent-final')
  }
  await one.until('reply-ended', tool === undefined ? 0 : 1)
  await finish(one)
  const told = one.events.flatMap((event) => {
    if (event.type === 'tool-call') return [`tool-call ${event.id}`]
    return event.type === 'caller-final' || event.type === 'agent-final'
      ? [`${event.type} ${event.itemId}`]
      : []
  })
  const twice = told.find((what, at) => told.indexOf(what) < at)
  expect(twice === undefined, 'each final and each call of a tool once', `${twice} came again`)
}

type Usage = Extract<RealtimeEvent, { type: 'usage' }>

/** The same again in one reply was counted twice; more that came out for fewer words is a sum since the start. */
async function billsOnce(
  { options, talk, finish }: RealtimeBench,
  provider: RealtimeProvider,
): Promise<void> {
  const one = await talk(provider)
  const usages: Usage[][] = []
  for (const [reply, text] of [LONG, SHORT].entries()) {
    const from = one.events.length
    one.session.say(text)
    await one.until('reply-ended', reply)
    // Some are told behind the reply.
    if (reply === 1) await finish(one)
    usages.push(one.events.slice(from).filter((event): event is Usage => event.type === 'usage'))
  }
  if (options.billed !== undefined) return expectBilled(usages.flat(), options.billed())
  for (const all of usages) {
    const told = all.filter(({ outputTokens }) => outputTokens > 0).map((usage) => JSON.stringify(usage))
    const twice = told.find((usage, at) => told.indexOf(usage) < at)
    expect(twice === undefined, 'what a reply costs once', `${twice} came again`)
  }
  const [long, short] = usages.map((all) => all.reduce((sum, { outputTokens }) => sum + outputTokens, 0))
  expect(
    long === 0 || short! <= long!,
    'usage since the last usage, not since the start',
    `${short} tokens came out for ${JSON.stringify(SHORT)} behind ${long} for a long sentence`,
  )
}

async function lendsAudio(
  { stepMs, promptMs, sessionOptions }: RealtimeBench,
  provider: RealtimeProvider,
): Promise<void> {
  const session = await within(provider.openSession(sessionOptions()), stepMs, 'openSession to resolve')
  const events = session.events[Symbol.asyncIterator]()
  session.say(LONG)
  for (let chunks = 0; chunks < LENT_CHUNKS;) {
    const next = await within(events.next(), stepMs, 'audio')
    if (next.done === true || next.value.type === 'reply-ended') break
    if (next.value.type !== 'audio') continue
    chunks++
    const { audio } = next.value
    const before = Buffer.from(audio)
    await sleep(LENT_MS)
    expect(
      before.equals(audio),
      'audio to stay as it is until the next event is asked for',
      'it was overwritten',
    )
  }
  await within(Promise.resolve(events.return?.()), promptMs, 'events.return to settle')
  await within(session.close(), promptMs, 'close to resolve')
}

async function tellsHistory(
  { suite, talk, finish }: RealtimeBench,
  provider: RealtimeProvider,
  receivedText: () => string,
): Promise<void> {
  const said = `My word is ${MARK}.`
  suite.witness.heard(said)
  const one = await talk(provider, {
    history: [
      { role: 'user', content: said },
      { role: 'assistant', content: 'I have noted it.' },
    ],
  })
  one.session.say(SHORT)
  await one.until('reply-ended')
  await finish(one)
  const isThere = receivedText().includes(MARK)
  expect(isThere, 'the far side to get what was said before the session', 'it got none of it')
}

async function tellsWhatWasHeard(
  { talk, finish, promptMs }: RealtimeBench,
  provider: RealtimeProvider,
  receivedHeardMs: () => number | undefined,
): Promise<void> {
  const one = await talk(provider)
  one.session.say(LONG)
  const { itemId } = await one.until('audio')
  one.session.interrupt({ itemId, heardMs: HEARD_MS })
  await within(one.until('reply-ended'), promptMs, 'the reply to end after an interruption')
  one.session.say(SHORT)
  await one.until('reply-ended', 1)
  await finish(one)
  const got = receivedHeardMs()
  const isCut = got !== undefined && Math.abs(got - HEARD_MS) <= CUT_WITHIN_MS
  const told = got === undefined ? 'it was told nothing' : `it was told ${got}`
  expect(isCut, `the far side to be told that ${HEARD_MS} ms were heard`, told)
}
