import { describe, expect, it } from 'vitest'
import { PLUGIN_KINDS } from '../../src/contracts/index.ts'
import { misspeltFields, providerFault } from '../../src/plugins/provider-shape.ts'
import { LEAST_PROVIDERS } from './least-providers.ts'

describe.each(PLUGIN_KINDS)('a provider of kind %s', (kind) => {
  const least = LEAST_PROVIDERS[kind]

  it('needs nothing but the least', () => {
    expect(providerFault(kind, least)).toBeUndefined()
  })

  it.each(Object.keys(least))('needs its "%s"', (field) => {
    const { [field]: _left, ...rest } = least
    expect(providerFault(kind, rest)).toContain(`the provider has no "${field}"; ${kind} needs `)
  })

  it.each(Object.keys(least))('needs a "%s" of its type', (field) => {
    expect(providerFault(kind, { ...least, [field]: 'odd' })).toContain(`"${field}" of the provider is not `)
    expect(providerFault(kind, { ...least, [field]: null })).toContain(`"${field}" of the provider is not `)
  })

  it('is an object, at once', () => {
    expect(providerFault(kind, undefined)).toContain('create returned undefined, and not a provider')
    expect(providerFault(kind, null)).toContain('create returned null')
    expect(providerFault(kind, Promise.reject(new Error('late')))).toContain('create returned a promise')
  })
})

describe('a provider', () => {
  it('is told what its misspelt method was', () => {
    const { openSession, ...rest } = LEAST_PROVIDERS.stt
    expect(providerFault('stt', { ...rest, open_session: openSession })).toContain(
      'has no "openSession", but "open_session"',
    )
    const { speak, ...voice } = LEAST_PROVIDERS.tts
    expect(providerFault('tts', { ...voice, speek: speak })).toContain('has no "speak", but "speek"')
    const { accepts, ...deaf } = LEAST_PROVIDERS.stt
    expect(providerFault('stt', { ...deaf, accept: accepts })).toContain('has no "accepts", but "accept"')
  })

  it('may be an object of a class, whose methods are its prototype’s', () => {
    class Acme {
      reply(): void {}
      close(): void {}
    }
    expect(providerFault('llm', new Acme())).toBeUndefined()
  })

  it.each([
    ['stt', { maxSessionMs: '5' }],
    ['stt', { regions: 'eu' }],
    ['stt', { recognize: true }],
    ['llm', { summarize: {} }],
    ['tts', { warm: 1 }],
    ['tts', { produces: ['mulaw'] }],
    ['tts', { produces: [{ encoding: 'linear16', sampleRateHz: -5 }] }],
    ['tts', { produces: [{ encoding: 'linear16', sampleRateHz: Number.NaN }] }],
    ['stt', { accepts: [{ encoding: 'linear16', sampleRateHz: 8000.5 }] }],
    ['stt', { accepts: [{ encoding: 'opus', sampleRateHz: 48_000 }] }],
    ['realtime', { formats: [{ encoding: 'mulaw', sampleRateHz: Number.POSITIVE_INFINITY }] }],
    ['stt', { hintCaps: { maxPhrases: Number.NaN } }],
    ['stt', { hintCaps: { maxPhrases: 2.5 } }],
    ['stt', { hintCaps: { maxPhrase: 2 } }],
    ['stt', { maxSessionMs: Number.NaN }],
    ['vad', { windowSamples: 0.5 }],
    ['vad', { sampleRateHz: 44_100 }],
    ['turn', { windowMs: -1 }],
    ['turn', { threshold: Number.NaN }],
    ['denoise', { sampleRatesHz: [] }],
    ['denoise', { sampleRatesHz: [8000, 0] }],
    ['denoise', { delayMs: -1 }],
  ] as const)('of kind %s may not have %o', (kind, odd) => {
    expect(providerFault(kind, { ...LEAST_PROVIDERS[kind], ...odd })).toContain(
      `"${Object.keys(odd)[0]}" of the provider`,
    )
  })

  it('is told what it says of itself that cannot be, and what can', () => {
    const voice = { ...LEAST_PROVIDERS.tts, produces: [{ encoding: 'opus', sampleRateHz: -5 }] }
    expect(providerFault('tts', voice)).toBe(
      `"produces" of the provider is not a list of audio formats, each like { encoding: "linear16", sampleRateHz: 16000 }: mulaw, alaw or linear16, at 4000 to 192000 Hz; it is [ { encoding: 'opus', sampleRateHz: -5 } ]`,
    )
  })

  it('that hears without sessions hears utterances', () => {
    const stt = { ...LEAST_PROVIDERS.stt, sessions: false }
    expect(providerFault('stt', stt)).toContain('no "recognize"')
    expect(providerFault('stt', { ...stt, recognize: () => '' })).toBeUndefined()
  })
})

describe('what a provider has that its kind does not know', () => {
  const doubts = (kind: keyof typeof LEAST_PROVIDERS, more: object) =>
    misspeltFields(kind, { ...LEAST_PROVIDERS[kind], ...more })
  const nothing = (): undefined => undefined

  it.each([
    ['llm', 'prewarm', 'warm', nothing],
    ['tts', 'warmUp', 'warm', nothing],
    ['tts', 'speak_reply', 'speakReply', nothing],
    ['stt', 'recognise', 'recognize', nothing],
    ['llm', 'summarise', 'summarize', nothing],
    ['transport', 'placeCall', 'place', nothing],
    ['turn', 'wram', 'warm', nothing],
    ['denoise', 'wram', 'warm', nothing],
    ['stt', 'detectTurns', 'detectsTurns', true],
    ['stt', 'maxSessionMS', 'maxSessionMs', 60_000],
    ['stt', 'region', 'regions', ['eu']],
    ['stt', 'hintcaps', 'hintCaps', { maxPhrases: 5 }],
    ['llm', 'thinkFirst', 'thinksFirst', 'likely'],
  ] as const)('of kind %s, "%s", is told to be "%s"', (kind, written, meant, value) => {
    expect(doubts(kind, { [written]: value })).toEqual([
      `the provider has "${written}", which ${kind} does not know; did you mean "${meant}"?`,
    ])
  })

  it('is told of the methods of a class, too', () => {
    class Acme {
      reply(): void {}
      summarise(): void {}
      close(): void {}
    }
    expect(misspeltFields('llm', new Acme())).toHaveLength(1)
  })

  it('is nothing where it reads like no field, or the field is there as well', () => {
    expect(doubts('llm', { model: 'fast', requests: 3, _warm: nothing })).toEqual([])
    expect(doubts('llm', { warm: nothing, prewarm: nothing })).toEqual([])
  })

  it('is nothing where it is another thing than the field, or another word', () => {
    class Acme {
      readonly openSessions = new Set()
      readonly activeSessions = new Map()
      readonly session = new Set()
      readonly region: string | undefined = 'eu'
      readonly recognizer = {}
      readonly maxSessions = 5
      readonly sessionCount = 0
      readonly partial = 'so far'
      get partialsSeen(): number {
        throw new Error('a getter is not called')
      }
      createSession(): void {}
    }
    expect(misspeltFields('stt', new Acme())).toEqual([])
    const methods = ['warn', 'warmed', 'worm', 'summarizer', 'summarized', 'prepare', 'enqueue', 'on', 'emit']
    expect(doubts('llm', Object.fromEntries(methods.map((name) => [name, nothing])))).toEqual([])
    expect(doubts('transport', { pace: nothing, places: nothing, replace: nothing })).toEqual([])
    expect(doubts('store', { counts: nothing, account: nothing, settled: nothing })).toEqual([])
  })
})
