import { describe, expect, it } from 'vitest'
import { createLogger, lineFormat } from '../src/log.ts'
import { visible } from '../src/privacy/control-characters.ts'
import { publicFields } from '../src/privacy/public-fields.ts'
import { hideEnvironment } from '../src/privacy/secrets.ts'
import { ILL } from '../src/process/stop-signals.ts'

function logOf(options: { private: boolean }) {
  const lines: string[] = []
  const log = createLogger({
    level: 'debug',
    pretty: false,
    ...options,
    to: { write: (line) => void lines.push(line) },
  })
  return { log, lines, text: () => lines.join('') }
}

describe('a log that holds nothing private', () => {
  it('keeps figures and the names that Kav and the operator chose', () => {
    const fields = {
      callId: 'CA0123456789012345678901234567890123',
      event: 'stt_lost',
      plugin: 'openai-stt',
      code: 'KAV_PROVIDER_NETWORK',
      from: 'openai-stt',
      attempt: 2,
      retryable: true,
      languages: ['he-IL', 'en-US'],
      steps: { step: 'first_token', ms: 12 },
    }
    expect(publicFields(fields)).toEqual(fields)
  })

  it('leaves out every other text, at any depth, and names what it left out', () => {
    const canary = 'CANARY +15550123456'
    const cause = new Error(canary, { cause: canary })
    const values = {
      private: { text: canary },
      error: canary,
      detail: { message: canary, status: 400, code: canary },
      words: [canary],
      from: '+1 (555) 012-3456',
      reason: 'x'.repeat(300),
      plugin: '4111 1111 1111 1111',
      err: Object.assign(cause, { code: canary, body: canary }),
      made: Object.create({ toString: () => canary }) as object,
      text: canary,
    }
    const shown = publicFields(values)
    expect(JSON.stringify(shown)).not.toMatch(/CANARY|555|4111/)
    expect(shown).toMatchObject({
      detail: { status: 400 },
      hidden: expect.arrayContaining(['error', 'from', 'words']),
    })
    expect((shown['err'] as { stack: string }).stack).toMatch(/^ {4}at /)
  })

  it('takes a long number for what it may be, and not for a figure', () => {
    const figures = {
      total_bytes: 4_294_967_296,
      input_tokens: 1_200_000,
      atMs: 7_200_000,
      pid: 4_194_303,
      count: 999_999,
    }
    expect(publicFields(figures)).toEqual(figures)
    const said = {
      card: 4_111_111_111_111_111,
      code: 15_550_123_456,
      detail: { phone: 5_550_123, keys: [4_242_424_242] },
      call_15550123456: 1,
      below: -15_550_123_456,
      big: 4_111_111_111_111_111n,
    }
    const shown = publicFields(said)
    expect(JSON.stringify(shown)).not.toMatch(/555|4111|4242/)
    expect(shown).toEqual({
      detail: {},
      hidden: ['card', 'code', 'detail.?', '?', 'below', 'big'],
    })
  })

  it('takes no sentence for a word of Kav, and no name of somebody else for a field', () => {
    const words = {
      reason: 'server-ended',
      signal: ILL,
      code: 'ERR_HTTP2_STREAM',
      file: '/srv/calls/2026-11-30T17-38-12-128Z_CA1.wav',
      voice: 'de-DE-Seraphina:DragonHDLatestNeural',
      model: 'meta-llama/Llama-3.1-8B-Instruct',
      region: '',
      level: null,
      usage: { input_tokens: 1_200_000, status: 200, turn: 3, kind: 'llm' },
    }
    expect(publicFields(words)).toEqual(words)
    const said = {
      reason: 'I lost my job',
      code: 'rosebud, my sled',
      class: ['network', 'my heart'],
      outcome: 'שלום',
      file: 'her name is Ann',
      state: 'mail [email address]',
      symptoms: 5_550_123,
      'my sled': 1,
      heard: {
        cancer: 1,
        virus: true,
        alarms: [2],
        reason: 'my heart',
        'my heart_ms': 1,
        deep: { Ann: null },
      },
    }
    const shown = publicFields(said)
    expect(JSON.stringify(shown)).not.toMatch(/job|sled|heart|Ann|mail|שלום|cancer|virus|alarms|555/)
    expect(shown).toEqual({
      heard: {},
      hidden: [
        ...['reason', 'code', 'class', 'outcome', 'file', 'state', 'symptoms', '?'],
        ...['heard.?', 'heard.reason'],
      ],
    })
  })

  it('does so for lines, children and messages of every level', () => {
    const { log, text, lines } = logOf({ private: false })
    const child = log.child({ callId: 'CA1', name: 'CANARY' })
    for (const level of ['debug', 'info', 'warn', 'error'] as const) {
      child[level](
        { error: new Error('CANARY'), private: { to: 'CANARY' }, body: { x: 'CANARY' } },
        'CALL: said',
      )
    }
    child.info({}, 'called +15550123456')
    expect(lines).toHaveLength(5)
    expect(text()).not.toMatch(/CANARY|5550123456/)
    expect(JSON.parse(lines[0]!)).toMatchObject({ callId: 'CA1', msg: 'CALL: said', hidden: ['body.?'] })
  })

  it('is what it is because it was asked for: otherwise all of it is there', () => {
    const { log, text } = logOf({ private: true })
    log.warn({ error: new Error('WORDS'), private: { text: 'hello' } }, 'CALL: said')
    expect(text()).toMatch(/WORDS.*hello/)
  })
})

describe('any log', () => {
  it('holds no secret, under whatever name and in whatever spelling', () => {
    const secret = 'a"b\\c\nd-0123456789-e'
    hideEnvironment({
      SOME_API_KEY: secret,
      PATH: '/usr/bin/something-long',
      PWD: '/usr/bin',
      OTHER_TOKEN: undefined,
    })
    const { log, text } = logOf({ private: true })
    const error = new Error(`refused ${secret}`)
    log
      .child({ url: `https://x/?k=${encodeURIComponent(secret)}` })
      .error({ error, [secret]: 1 }, `it is ${secret}`)
    log.info({ PATH: '/usr/bin/something-long', PWD: '/usr/bin' }, 'sk-abcdefghijklmnop')
    expect(text()).not.toMatch(/0123456789|abcdefghijklmnop/)
    expect(text()).toContain('/usr/bin/something-long')
    for (const line of text().trim().split('\n')) JSON.parse(line)
  })

  it('holds no character that a terminal obeys, as JSON and for people', () => {
    const said = 'a\u001b[31m\u009b2J\u202eb\u2028c\rd\\u001b \\\\ é\u0301 👍\u200d💻 שלום'
    const { log, lines } = logOf({ private: true })
    log.info({ private: { said } }, 'CALL: said')

    const obeyed = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028-\u202e]/
    expect(lines[0]).not.toMatch(obeyed)
    expect((JSON.parse(lines[0]!) as { private: { said: string } }).private.said).toBe(said)
    const pretty = lineFormat(true)(lines[0]!)
    expect(pretty).not.toMatch(obeyed)
    expect(pretty).toContain(String.raw`a\u001b[31m\u009b2J\u202eb\u2028c`)
    expect(visible('a\u001b]0;x\u0007\n\tb')).toBe('a\\u001b]0;x\\u0007\n\tb')
  })
})
