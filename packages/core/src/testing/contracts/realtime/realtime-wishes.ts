import type { RealtimeProvider } from '../../../contracts/index.ts'
import { expect, fail, within, type ContractCase } from '../common/contract-case.ts'
import type { Talk } from './converse.ts'
import { expectWellFormed, type RealtimeBench } from './realtime-bench.ts'

/** Long enough to be spoken into. */
const LONG = 'This is a long sentence that nobody will ever hear to its end, because it is interrupted.'
const KEYS = '4711'
const NOTE = 'Be kind.'

/** What a session may be asked besides sound: keys, and to go on. A provider that takes neither passes. */
export function otherWishes(bench: RealtimeBench): ContractCase[] {
  const { options, format, on, talk, finish } = bench

  function expectEntered(): void {
    const text = options.receivedText?.()
    expect(text?.includes(KEYS) ?? true, `the far side to get the keys ${KEYS}`, 'it got none of them')
  }

  return [
    on('keys', 'keys that are entered are a turn, which is answered aloud', async (provider) => {
      const one = await talk(provider)
      if (one.session.enter) {
        one.session.enter(KEYS)
        await expectAnswer(one, 0)
        expectEntered()
        expectWellFormed(one.events, format, 0)
      }
      await finish(one)
    }),
    on('keys', 'keys that are entered while a reply is made are answered behind it', async (provider) => {
      const one = await talk(provider)
      if (one.session.enter) {
        one.session.say('Welcome.')
        await one.until('reply-started')
        one.session.enter(KEYS)
        await expectAnswer(one, 0)
        await expectAnswer(one, 1)
        expectEntered()
        expectWellFormed(one.events, format, 0)
      }
      await finish(one)
    }),
    on('notes', 'a note starts no reply, and gets there', async (provider) => {
      const one = await talk(provider)
      if (one.session.note) {
        one.session.note(NOTE)
        one.session.say('Welcome.')
        await expectAnswer(one, 0)
      }
      await finish(one)
      if (!one.session.note) return
      const replies = one.count('reply-started')
      expect(replies <= 1, 'no reply to a note', `${replies} replies came`)
      const isThere = options.receivedText?.().includes(NOTE) ?? true
      expect(isThere, `the far side to get the note ${NOTE}`, 'it got none of it')
    }),
    on('resume', 'a reply that a noise stopped is gone on with, once', async (provider) => {
      const one = await talk(provider)
      if (one.session.resume) {
        one.session.say(LONG)
        const { itemId } = await one.until('audio')
        one.session.interrupt({ itemId, heardMs: 100 })
        await one.until('reply-ended')
        const before = one.count('audio')
        one.session.resume()
        await expectAnswer(one, 1)
        expect(one.count('audio') > before, 'the rest to be spoken', 'no audio came')
      }
      await finish(one)
      expect(one.count('reply-started') <= 2, 'one reply more', `${one.count('reply-started')} came`)
    }),
  ]
}

/** Tools that answer when the conversation is somewhere else. */
export function lateResults(bench: RealtimeBench): ContractCase[] {
  const { options, on, talk, speak, finish, promptMs } = bench
  const { tool } = options
  if (tool === undefined) return []

  async function callIn(provider: RealtimeProvider): Promise<{ one: Talk; id: string }> {
    const one = await talk(provider, { tools: [tool!.tool] })
    speak(provider, one.session)
    const { id } = await one.until('tool-call')
    return { one, id }
  }

  /** One of the next replies tells what the tool found. */
  async function expectTold({ one, fromReply }: { one: Talk; fromReply: number }): Promise<void> {
    const said: string[] = []
    for (let reply = fromReply; reply < fromReply + 3; reply++) {
      await one.until('reply-ended', reply)
      for (const event of one.events) if (event.type === 'agent-final') said.push(event.text)
      if (said.some((text) => tool!.expected.test(text))) return
    }
    fail(`expected words that match ${tool!.expected}; they are ${JSON.stringify(said)}`)
  }

  return [
    on(
      'late-results',
      'a result that comes after its reply was interrupted is told all the same',
      async (provider) => {
        const { one, id } = await callIn(provider)
        one.session.interrupt()
        await within(one.until('reply-ended'), promptMs, 'the reply to end after an interruption')
        one.session.toolResult(id, tool.result)
        await expectTold({ one, fromReply: 1 })
        await finish(one)
      },
    ),
    on(
      'late-results',
      'a result that comes while another reply is made is told behind it',
      async (provider) => {
        const { one, id } = await callIn(provider)
        await one.until('reply-ended')
        one.session.say('One moment please.')
        await one.until('reply-started', 1)
        one.session.toolResult(id, tool.result)
        const ended = await one.until('reply-ended', 1)
        expect(ended.reason === 'done', 'the other reply to be done', `it is ${ended.reason}`)
        await expectTold({ one, fromReply: 2 })
        await finish(one)
      },
    ),
  ]
}

/** Reply `index` comes to its end, and is aloud. */
async function expectAnswer(one: Talk, index: number): Promise<void> {
  const ended = await one.until('reply-ended', index)
  expect(ended.reason === 'done', `reply ${index + 1} to be done`, `it is ${ended.reason}`)
  expect(one.count('audio') > 0, 'an answer aloud', 'there is no audio')
}
