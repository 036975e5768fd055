import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NUMBER, rig } from './redactor-rig.ts'

describe('what leaves a call of what was said', () => {
  it('holds no card number, in words that grow, are settled and are a turn', async () => {
    const { telemetry, texts, out, metrics, time } = rig()
    const words = `my card is ${NUMBER} thanks`
    for (let end = 5; end <= words.length; end++) telemetry.partial(words.slice(0, end))
    await time.advance(3000)
    telemetry.final(words, { confidence: 0.9, alternatives: [`my car is ${NUMBER}`] })
    telemetry.turnEnded(1, words)
    expect(out().replaceAll(' ', '')).not.toContain('424242424')
    expect(texts('final')).toEqual(['my card is [card] thanks'])
    expect(texts('turn_ended')).toEqual(['my card is [card] thanks'])
    expect(metrics.value('redactions_total', { kind: 'card' })).toBe(3)
  })

  it('shows eight digits at most of a number that comes in pieces', async () => {
    const { telemetry, texts, time } = rig()
    for (const piece of ['it is 4242', 'uh', '4242.', 'and then 4242,', '4242']) {
      telemetry.partial(piece)
      telemetry.final(piece)
      telemetry.turnEnded(1, piece)
      await time.advance(1000)
    }
    const shown = ['it is 4242', 'uh', '4242.', 'and then [digits],', '[card]']
    expect(texts('final')).toEqual(shown)
    expect(texts('turn_ended')).toEqual(shown)
    telemetry.final('and the code is 123')
    for (const text of ['thanks', 'no', 'bye', 'fine', 'room 4711']) telemetry.final(text)
    expect(texts('final').slice(-6)).toEqual([
      'and the code is [card]',
      'thanks',
      'no',
      'bye',
      'fine',
      'room 4711',
    ])
  })

  it('tells which sound holds it, from where the number begins', async () => {
    const { telemetry, sounds, time } = rig()
    telemetry.final('hello')
    await time.advance(2000)
    telemetry.final('it is 4242 4242')
    await time.advance(3000)
    telemetry.final('4242 4242')
    telemetry.turnEnded(1, 'it is 4242 4242 4242 4242')
    expect(sounds()).toEqual([{ who: 'caller', kind: 'card', from_ms: 0, to_ms: 5000, by: 'utterance' }])
  })

  it('holds nothing the agent says again, or the caller hears of it', async () => {
    const { telemetry, texts, sounds, time } = rig()
    telemetry.turnEnded(1, 'hi')
    await time.advance(1000)
    telemetry.replyStarted(1)
    await time.advance(500)
    telemetry.agentSaid(1, `You said ${NUMBER}.`)
    telemetry.interrupted({ turn: 1, by: 'caller', afterSpeechMs: 100 }, 'You said 4242 4242 42')
    expect(texts('agent_said')).toEqual(['You said [card].'])
    expect(texts('interrupted')).toEqual(['You said 4242 42[digits]'])
    expect(sounds()).toEqual([{ who: 'agent', kind: 'card', from_ms: 1000, turn: 1, by: 'utterance' }])
  })

  it('tells of what an operator has the agent say from there on, not from where the greeting began', async () => {
    const { telemetry, sounds, time } = rig({ phones: true })
    telemetry.greetingQueued('Hello.')
    await time.advance(3468)
    telemetry.interrupted({ turn: 0, by: 'caller', afterSpeechMs: undefined }, 'Hel')
    telemetry.agentSaid(-1, 'Call 415-223-4567.')
    expect(sounds()).toEqual([{ who: 'agent', kind: 'phone', from_ms: 3468, turn: -1, by: 'utterance' }])
  })

  it('leaves the numbers of the call, and takes out what tools and faults repeat', () => {
    const { telemetry, out } = rig({ phones: true, emails: true })
    telemetry.callStarted(
      { format: 'mulaw' },
      { from: '+15550123', callSid: '4242424242424242', note: '+15559999' },
    )
    const ended = telemetry.toolCalled(
      { turn: 1, tool: 'pay' },
      `{"card":"${NUMBER}","mail":"dana@example.com"}`,
    )
    ended({ content: 'paid with 4242424242424242' })
    telemetry.hangUpRequested(`said ${NUMBER}`)
    telemetry.stageFailed('llm', new Error(`no such card: ${NUMBER}`))
    expect(out()).toContain('+15550123')
    for (const said of ['+15559999', 'dana', NUMBER]) expect(out()).not.toContain(said)
    expect(out().split('4242424242424242')).toHaveLength(3)
  })

  it('holds no key of a secret entry, nor the entry wherever it comes again', async () => {
    const { telemetry, texts, out, sounds, time } = rig({ secretKeys: 'long' })
    await time.advance(5000)
    for (const key of '9175') {
      telemetry.dtmf(key)
      await time.advance(300)
    }
    telemetry.keysTaken('9175')
    telemetry.turnEnded(1, 'my code 9175')
    telemetry.agentSaid(1, 'Nine one seven five, thank you.')
    telemetry.toolCalled({ turn: 1, tool: 'check' }, '{"pin":"9175","again":9175}')
    telemetry.keysTaken('2')
    telemetry.turnEnded(2, '2')
    expect(texts('dtmf')).toEqual(['•', '•', '•', '•'])
    expect(texts('turn_ended')).toEqual(['my code ••••', '2'])
    expect(out()).not.toContain('9175')
    expect(sounds()[0]).toEqual({ who: 'caller', kind: 'key', from_ms: 4400, to_ms: 6300, by: 'keys' })
  })

  it('hides an entry of one key in its own turn alone, where all are secret', () => {
    const { telemetry, texts } = rig({ secretKeys: 'all' })
    telemetry.dtmf('2')
    telemetry.keysTaken('2')
    telemetry.turnEnded(1, '2')
    telemetry.turnEnded(2, 'we are 2')
    expect(texts('turn_ended')).toEqual(['•', 'we are 2'])
  })

  it('shows eight digits at most of a card that comes in pieces, by keys and by voice', async () => {
    const cards = fc.constantFrom('4111111111111111', '5555555555554444', '378282246310005')
    const pieces = fc.array(fc.tuple(fc.integer({ min: 1, max: 7 }), fc.boolean()), {
      minLength: 2,
      maxLength: 18,
    })
    await fc.assert(
      fc.asyncProperty(cards, pieces, async (card, cuts) => {
        const { telemetry, texts, sounds, time } = rig()
        await time.advance(5000)
        let at = 0
        for (const [turn, [length, keyed]] of [...cuts, [19, true] as const].entries()) {
          const piece = card.slice(at, at + length)
          if (piece === '') break
          at += length
          if (keyed) {
            for (const key of piece) telemetry.dtmf(key)
            telemetry.keysTaken(piece)
          } else {
            telemetry.partial(piece)
            telemetry.final(piece)
          }
          telemetry.turnEnded(turn + 1, piece)
          await time.advance(2000)
        }
        const shown = (of: readonly unknown[]): number => of.join('').replaceAll(/[^0-9]/g, '').length
        expect(shown([...texts('final'), ...texts('dtmf')])).toBeLessThanOrEqual(8)
        expect(shown(texts('turn_ended'))).toBeLessThanOrEqual(8)
        // Heard it is neither, from where it began.
        expect(sounds().filter(({ kind }) => kind === 'card')).not.toEqual([])
        expect(Math.min(...sounds().map(({ from_ms: fromMs }) => Number(fromMs)))).toBeLessThanOrEqual(5000)
      }),
    )
  })

  it('shows eight digits at most of a card, however its digits are written and wherever it is broken', async () => {
    const WRITTEN = [
      ['zero', 'oh', 'o', '0', 'אפס'],
      ['one', 'won', 'wun', '1', 'אחת', 'אחד', 'ואחת'],
      ['two', 'to', 'too', 'tu', '2', 'שתיים', 'שני'],
      ['three', 'tree', '3', 'שלוש', 'שלושת'],
      ['four', 'for', 'fore', '4', 'ארבע', 'ארבעת', 'לארבע'],
      ['five', 'fife', '5', 'חמש', 'חמישה'],
      ['six', 'sicks', '6', 'שש', 'שישה'],
      ['seven', '7', 'שבע', 'שבעת'],
      ['eight', 'ate', '8', 'שמונה', 'שמנה'],
      ['nine', 'nein', 'niner', '9', 'תשע', 'תישע'],
    ]
    const cards = fc.constantFrom(
      '4111111111111111',
      '5555555555554444',
      '378282246310005',
      '6011000990139424',
    )
    const spelt = cards.chain((card) =>
      fc
        .array(fc.tuple(fc.nat(20), fc.nat(9)), { minLength: card.length, maxLength: card.length })
        .map((how) => {
          const texts = ['']
          how.forEach(([which, breaks], at) => {
            const ways = WRITTEN[Number(card[at])]!
            texts[texts.length - 1] += ` ${ways[which % ways.length]!}`
            if (breaks === 0) texts.push('')
          })
          return texts.map((text) => text.trim()).filter((text) => text !== '')
        }),
    )
    const words = new Map(WRITTEN.flatMap((ways) => ways.map((word) => [word, true] as const)))
    const digits = (of: readonly unknown[]): number =>
      of.flatMap((text) => String(text).split(' ')).filter((word) => words.has(word)).length
    await fc.assert(
      fc.asyncProperty(spelt, async (said) => {
        const { telemetry, texts, time } = rig()
        for (const [turn, text] of said.entries()) {
          await time.advance(2000)
          telemetry.final(text)
          telemetry.turnEnded(turn + 1, text)
        }
        // Two words that only sound like digits may stand beside any number.
        expect(digits(texts('final'))).toBeLessThanOrEqual(10)
        expect(digits(texts('turn_ended'))).toBeLessThanOrEqual(10)
      }),
    )
  })

  it('hides the code behind a card that is written as other words', () => {
    const { telemetry, texts } = rig()
    for (const text of [NUMBER, 'the code is won two three', 'for two of us', 'see you at one'])
      telemetry.final(text)
    expect(texts('final').slice(1)).toEqual(['the code is [card]', 'for two of us', 'see you at one'])
  })

  it('knows a card of which the first half was pressed and the second was said', () => {
    const { telemetry, texts } = rig()
    for (const key of '41111111') telemetry.dtmf(key)
    telemetry.keysTaken('41111111')
    telemetry.turnEnded(1, '41111111')
    telemetry.final('1111 1111')
    expect(texts('final')).toEqual(['[card]'])
  })

  it('holds no card that the agent reads out in sentences, clause by clause', () => {
    const { telemetry, texts } = rig()
    for (const clause of ['Your card is 4111 1111.', '1111 1111.', 'Is that right?'])
      telemetry.agentSaid(1, clause)
    telemetry.interrupted({ turn: 1, by: 'caller', afterSpeechMs: 100 }, 'Your card is 4111 1111. 1111 1111.')
    expect(texts('agent_said')).toEqual(['Your card is 4111 1111.', '[card].', 'Is that right?'])
    expect(texts('interrupted')).toEqual(['Your card is [card]. [card].'])
  })

  it('shows a card’s first eight keys, and its tones are told of', () => {
    const { telemetry, texts, sounds } = rig()
    for (const key of NUMBER.replaceAll(' ', '')) telemetry.dtmf(key)
    telemetry.keysTaken(NUMBER.replaceAll(' ', ''))
    telemetry.turnEnded(1, NUMBER.replaceAll(' ', ''))
    expect(texts('dtmf').join('')).toBe('42424242••••••••')
    expect(texts('turn_ended')).toEqual(['[card]'])
    expect(sounds()).toEqual([{ who: 'caller', kind: 'card', from_ms: 0, to_ms: 400, by: 'keys' }])
  })
})
