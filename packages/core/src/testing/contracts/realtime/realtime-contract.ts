import { setTimeout as sleep } from 'node:timers/promises'
import {
  durationMs,
  formatName,
  type LlmTool,
  type RealtimeProvider,
  sameFormat,
} from '../../../contracts/index.ts'
import { expect, fail, turn, within, type ContractCase } from '../common/contract-case.ts'
import { classCases, hostCases, hostProbe, wordsCases } from '../common/host-cases.ts'
import { leavesNothingOpen } from '../common/open-handles.ts'
import { expectProviderError, expectQuietEnd, settled } from '../common/outcome.ts'
import { expectSpelling } from '../common/spelling.ts'
import { callEverything } from './converse.ts'
import { signalCases } from '../common/signal-cases.ts'
import {
  createRealtimeBench,
  expectWellFormed,
  expectWholePartials,
  type RealtimeBench,
  type RealtimeContractOptions,
} from './realtime-bench.ts'
import { silentFarEnds } from './realtime-far-end.ts'
import { laterEvents, toldFarEnd } from './realtime-later.ts'
import { lateResults, otherWishes } from './realtime-wishes.ts'
import { expectHints, expectInstructions, expectLanguage, ODD_HINTS } from '../common/told-options.ts'

export type { RealtimeContractOptions } from './realtime-bench.ts'

/** What a session hears and says. */
function answeredTurns({
  options,
  format,
  speech,
  expected,
  on,
  talk,
  speak,
  finish,
}: RealtimeBench): ContractCase[] {
  return [
    on('formats', 'carries the format it is tested in', async (provider) => {
      const known = provider.formats.some((one) => sameFormat(one, format))
      expect(
        known,
        `formats to list ${formatName(format)}`,
        `they are ${provider.formats.map(formatName).join(', ')}`,
      )
    }),
    on(
      ['hears', 'answers', 'replies', 'partials', 'offsets', 'silence', 'usage'],
      'a turn is heard, written down, and answered aloud',
      async (provider) => {
        const one = await talk(provider)
        speak(provider, one.session)
        const ended = await one.until('reply-ended')
        expect(ended.reason === 'done', 'the reply to be done', `it is ${ended.reason}`)
        const heard = (await one.until('caller-final')).text
        expect(
          expected.test(heard),
          `the caller's words to match ${expected}`,
          `they are ${JSON.stringify(heard)}`,
        )
        expect((await one.until('agent-final')).text.trim() !== '', "the agent's words", 'they are empty')
        await finish(one)
        expectWellFormed(one.events, format, durationMs(format, speech.length))
      },
    ),
    on('partials', 'a partial is the whole text of its item so far', async (provider) => {
      const one = await talk(provider)
      speak(provider, one.session)
      await one.until('reply-ended')
      await finish(one)
      expectWholePartials(one.events)
    }),
    on('lent', 'a buffer is only lent: overwriting it after write changes nothing', async (provider) => {
      const one = await talk(provider)
      speak(provider, one.session, speech, true)
      const heard = (await one.until('caller-final')).text
      expect(
        expected.test(heard),
        `the caller's words to match ${expected}`,
        `they are ${JSON.stringify(heard)}`,
      )
      const got = options.received?.()
      const whole = got === undefined || Buffer.from(got).includes(Buffer.from(speech))
      expect(whole, 'the far side to get what was written, byte for byte', 'it got something else')
      await one.session.close()
    }),
    on(['say', 'replies'], 'say is spoken, and two of them one after the other', async (provider) => {
      const one = await talk(provider)
      one.session.say('Welcome.')
      one.session.say('How can I help you?')
      await one.until('reply-ended', 1)
      await finish(one)
      expectWellFormed(one.events, format, 0)
    }),
  ]
}

/** What an interruption does. */
function interruptedReplies({ on, promptMs, talk, finish }: RealtimeBench): ContractCase[] {
  return [
    on(
      'interrupt',
      'an interruption ends the reply soon, and no more of its audio is delivered',
      async (provider) => {
        const one = await talk(provider)
        one.session.say(
          'This is a long sentence that nobody will ever hear to its end, because it is interrupted.',
        )
        const { itemId } = await one.until('audio')
        one.session.interrupt({ itemId, heardMs: 100 })
        // One event may be on its way to the reader already.
        await turn()
        const before = one.count('audio')
        const ended = await within(
          one.until('reply-ended'),
          promptMs,
          'the reply to end after an interruption',
        )
        await sleep(50)
        expect(
          one.count('audio') === before,
          'no audio after an interruption',
          `${one.count('audio') - before} chunks came`,
        )
        const fitting = ended.reason === 'interrupted' || ended.reason === 'done'
        expect(fitting, 'the reason "interrupted" (or "done")', `it is ${ended.reason}`)
        one.session.say('Goodbye.')
        await one.until('reply-ended', 1)
        await finish(one)
      },
    ),
    on('idle-interrupt', 'an interruption of nothing harms nothing', async (provider) => {
      const one = await talk(provider)
      one.session.interrupt()
      one.session.interrupt({ itemId: 'unheard-of', heardMs: 10 })
      one.session.toolResult('unheard-of', 'nothing')
      one.session.say('Welcome.')
      expect((await one.until('reply-ended')).reason === 'done', 'a reply as ever', 'it failed')
      await finish(one)
    }),
  ]
}

/** How sessions end, and that they do not disturb each other. */
function endedSessions({
  speech,
  expected,
  suite,
  on,
  stepMs,
  promptMs,
  sessionOptions,
  talk,
  speak,
  finish,
}: RealtimeBench): ContractCase[] {
  return [
    on('finish-ends', 'finish without a word ends the events', async (provider) =>
      finish(await talk(provider)),
    ),
    on(
      ['close-quiet', 'stray-errors'],
      'nothing is delivered after close, and everything may be called',
      async (provider) => {
        const one = await talk(provider)
        one.session.say('Welcome.')
        await one.until('reply-started')
        const closing = [one.session.close(), one.session.close()]
        callEverything(one.session, speech.slice(0, 320))
        // One event may be on its way to the reader already.
        await turn()
        const before = one.events.length
        await within(Promise.all(closing), promptMs, 'close to resolve')
        await within(one.over(), promptMs, 'events to end after close')
        expect(one.events.length === before, 'no event after close', `${one.events.length - before} came`)
      },
    ),
    on('abort', 'an abort ends the opening, and an open session, quietly', async (provider) => {
      const early = new AbortController()
      const opening = settled(provider.openSession(sessionOptions({ signal: early.signal })))
      early.abort()
      const opened = await within(opening, promptMs, 'openSession to settle after an abort')
      if (opened.value) await opened.value.close()
      else expectQuietEnd(opened.error, 'openSession to tell')
      const late = new AbortController()
      const one = await talk(provider, { signal: late.signal })
      late.abort()
      const end = await within(settled(one.over()), promptMs, 'events to end after an abort')
      expectQuietEnd(end.error, 'events to tell')
      callEverything(one.session, speech.slice(0, 320))
      await within(one.session.close(), promptMs, 'close to resolve')
    }),
    on('apart', 'two sessions at once do not disturb each other', async (provider) => {
      const [kept, dropped] = await Promise.all([talk(provider), talk(provider)])
      dropped.session.say('Hello.')
      speak(provider, kept.session)
      await dropped.session.close()
      expect(
        expected.test((await kept.until('caller-final')).text),
        'the other session to go on',
        'it did not',
      )
      await kept.session.close()
    }),
    suite.onFresh('closes', 'provider.close ends the sessions that are open', async (provider) => {
      const one = await talk(provider)
      await within(provider.close(), stepMs, 'provider.close to resolve')
      await within(settled(one.over()), promptMs, 'events to end after provider.close')
    }),
  ]
}

/** That nobody has to read to the end. */
function leftSessions({ on, stepMs, promptMs, sessionOptions }: RealtimeBench): ContractCase[] {
  return [
    on('spelling', 'no field is misspelt', async (provider) => {
      const session = await within(provider.openSession(sessionOptions()), stepMs, 'openSession to resolve')
      expectSpelling('realtime', provider, session)
      await within(session.close(), promptMs, 'close to resolve')
    }),
    on('left', 'a reader of the events may leave', async (provider) => {
      const session = await within(provider.openSession(sessionOptions()), stepMs, 'openSession to resolve')
      const events = session.events[Symbol.asyncIterator]()
      session.say('Welcome.')
      await within(events.next(), stepMs, 'a first event')
      await within(Promise.resolve(events.return?.()), promptMs, 'events.return to settle')
      await within(session.close(), promptMs, 'close to resolve')
    }),
  ]
}

/** What a model might call as well, and nothing here asks for. */
const OTHER_TOOLS = ['zebra_count', 'kumquat_price'].map((name) => ({
  name,
  description: 'Never of use.',
  parameters: { type: 'object', properties: {} },
})) as unknown as readonly [LlmTool, LlmTool]

function toolCases({ options, on, talk, speak, finish }: RealtimeBench): ContractCase[] {
  const { tool } = options
  if (tool === undefined) return []
  return [
    on('tools', 'a tool is called, its result goes back, and an answer is spoken', async (provider) => {
      const one = await talk(provider, { tools: [OTHER_TOOLS[0], tool.tool, OTHER_TOOLS[1]] })
      speak(provider, one.session)
      const call = await one.until('tool-call')
      expect(call.name === tool.tool.name, `a call of ${tool.tool.name}`, `it is of ${call.name}`)
      one.session.toolResult(call.id, tool.result)
      const said = (await one.until('agent-final')).text
      expect(
        tool.expected.test(said),
        `an answer that matches ${tool.expected}`,
        `it is ${JSON.stringify(said)}`,
      )
      await finish(one)
    }),
    on('tools', 'every tool that is offered reaches the far side', async (provider) => {
      const { receivedText } = options
      if (receivedText === undefined) return
      const one = await talk(provider, { tools: [tool.tool, ...OTHER_TOOLS] })
      await finish(one)
      const lost = OTHER_TOOLS.filter(({ name }) => !receivedText().includes(name))
      const told = `these did not: ${lost.map(({ name }) => name).join(', ')}`
      expect(lost.length === 0, 'all tools to reach the far side', told)
    }),
  ]
}

function failingCases({ options, suite, faultOf }: RealtimeBench): ContractCase[] {
  if (options.createFailing === undefined) return []
  return [
    suite.onFailing('fault', 'a fault is a ProviderError', async (provider) => {
      const error = await faultOf(provider)
      if (error === undefined) fail('expected openSession to reject; it resolved')
      expectProviderError(error, 'openSession to reject with')
    }),
  ]
}

/** What of a session's options has to get to the far side. */
function toldOptions({ options, on, talk, finish }: RealtimeBench): ContractCase[] {
  const { receivedOptions } = options
  if (receivedOptions === undefined) return []
  const instructions = 'You are Quillfeather, who keeps zebras.'
  return [
    on(['instructions', 'language'], 'instructions and language reach the far side', async (provider) => {
      const one = await talk(provider, { instructions, language: 'de-DE', hints: ODD_HINTS })
      await finish(one)
      const got = receivedOptions()
      expectInstructions(got, instructions)
      expectLanguage(got, 'de-DE')
      expectHints(got, ODD_HINTS)
    }),
  ]
}

/** What is alike for all providers. */
function sharedCases({ options, suite, talk, speak, finish, faultOf }: RealtimeBench): ContractCase[] {
  const exercise = async (provider: RealtimeProvider) => {
    const one = await talk(provider)
    speak(provider, one.session)
    await one.until('reply-ended')
    await finish(one)
  }
  const probe = hostProbe(suite, options, { exercise, faultOf })
  return [
    suite.alone('nothing-left', 'nothing is left open after sessions that finished and were closed', () =>
      leavesNothingOpen(suite.settleMs, 'every session and the provider were closed', () =>
        suite.use(options.create, async (provider) => {
          await exercise(provider)
          const open = await talk(provider)
          await open.session.close()
        }),
      ),
    ),
    ...signalCases(suite, [
      {
        ends: 'a session has ended',
        run: async (provider, signal) => {
          const one = await talk(provider, { signal })
          one.session.say('Welcome.')
          await one.until('reply-ended')
          await finish(one)
        },
      },
    ]),
    ...hostCases(suite, options, probe),
    ...wordsCases(suite, probe),
    ...classCases(suite, options, probe),
  ]
}

/** The contract of `RealtimeProvider` and `RealtimeSession`, one case a sentence. */
export function realtimeContract(options: RealtimeContractOptions): ContractCase[] {
  const bench = createRealtimeBench(options)
  return [
    ...answeredTurns(bench),
    ...interruptedReplies(bench),
    ...endedSessions(bench),
    ...leftSessions(bench),
    ...otherWishes(bench),
    ...toolCases(bench),
    ...lateResults(bench),
    ...toldOptions(bench),
    ...laterEvents(bench),
    ...toldFarEnd(bench),
    ...silentFarEnds(bench),
    ...failingCases(bench),
    ...sharedCases(bench),
    bench.suite.last('closes', 'close may be called twice'),
    bench.suite.leftBehind('stray-errors'),
  ]
}
