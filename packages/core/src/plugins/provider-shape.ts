import { inspect } from 'node:util'
import { didYouMean } from '../kit/did-you-mean.ts'
import { type KnownField, oddFields } from '../kit/odd-fields.ts'
import type { AudioFormat, PluginKind, ProviderByKind } from '../contracts/index.ts'
import type { Placing } from '../contracts/transport.ts'

/** What a field of a provider must be. */
interface Check {
  readonly is: string
  readonly optional: boolean
  test(value: unknown): boolean
}

const check = (is: string, test: (value: unknown) => boolean): Check => ({ is, test, optional: false })
const optional = (wanted: Check): Check => ({ ...wanted, optional: true })

const method = check('a function', (value) => typeof value === 'function')
const flag = check('true or false', (value) => typeof value === 'boolean')
const text = check('text', (value) => typeof value === 'string')
const wholeFrom = (from: number) => (value: unknown) =>
  Number.isSafeInteger(value) && (value as number) >= from
const windowMs = check('a whole number of milliseconds, 0 or more', wholeFrom(0))
const windowSamples = check('a whole number of samples, 1 or more', wholeFrom(1))
const above0 = check('a number above 0', (value) => typeof value === 'number' && value > 0)
const share = check('a number from 0 to 1', (value) => typeof value === 'number' && value >= 0 && value <= 1)
const rate = check('8000 or 16000', (value) => value === 8000 || value === 16_000)
const rates = check(
  'a list of sample rates, each a whole number from 4000 to 192000',
  (value) => Array.isArray(value) && value.length > 0 && value.every(isRate),
)
const HINT_CAPS = ['maxPhrases', 'maxPhraseChars', 'maxChars']
const hintCaps = check(`a map of whole numbers, 0 or more: ${HINT_CAPS.join(', ')}`, (value) => {
  const caps = Object.entries(value ?? {})
  return isObject(value) && caps.every(([name, cap]) => HINT_CAPS.includes(name) && wholeFrom(0)(cap))
})
const list = check('a list', Array.isArray)
const texts = check('a list of texts', (value) => Array.isArray(value) && value.every(text.test))
const formats = check(
  'a list of audio formats, each like { encoding: "linear16", sampleRateHz: 16000 }: mulaw, alaw or linear16, at 4000 to 192000 Hz',
  (value) => Array.isArray(value) && value.length > 0 && value.every(isFormat),
)
const calls = check('offer and receive', (value) =>
  ['offer', 'receive'].every((name) => method.test((value as Record<string, unknown> | null)?.[name])),
)
const placing = check('account, perSecond above 0 and ringMs above 0', (value) => {
  const { account, perSecond, ringMs } = (value ?? {}) as Partial<Placing>
  return typeof account === 'string' && [perSecond, ringMs].every((number) => above0.test(number))
})
const anything = check('anything', () => true)

/** Every field that a provider of each kind has, or may have: a new one in a contract wants its row here. */
const FIELDS: {
  readonly [Kind in PluginKind]: { readonly [Field in keyof Required<ProviderByKind[Kind]>]: Check }
} = {
  transport: {
    attach: method,
    browserCalls: optional(calls),
    place: optional(method),
    placing: optional(placing),
    close: method,
  },
  stt: {
    accepts: formats,
    regions: optional(texts),
    partials: optional(flag),
    sessions: optional(flag),
    detectsTurns: optional(flag),
    hintCaps: optional(hintCaps),
    needsHints: optional(flag),
    maxSessionMs: optional(above0),
    openSession: method,
    recognize: optional(method),
    close: method,
  },
  llm: {
    hints: optional(texts),
    preemptive: optional(flag),
    thinksFirst: optional(anything),
    reply: method,
    summarize: optional(method),
    warm: optional(method),
    close: method,
  },
  tts: {
    produces: formats,
    voiceKey: optional(text),
    normalises: optional(flag),
    speak: method,
    speakReply: optional(method),
    warm: optional(method),
    close: method,
  },
  vad: {
    sampleRateHz: rate,
    windowSamples,
    threshold: share,
    openStream: method,
    rate: method,
    close: method,
  },
  turn: {
    sampleRateHz: rate,
    windowMs,
    threshold: share,
    warm: optional(method),
    judge: method,
    close: method,
  },
  denoise: {
    sampleRatesHz: rates,
    delayMs: check('a number of milliseconds, 0 to 1000', isDelay),
    warm: optional(method),
    openSession: method,
    close: method,
  },
  tool: { tools: list, run: method, warm: optional(method), close: method },
  realtime: { formats, detectsTurns: flag, openSession: method, close: method },
  store: {
    warm: optional(method),
    put: method,
    find: method,
    get: method,
    count: optional(method),
    erase: method,
    settle: optional(method),
    isThere: optional(method),
    close: method,
  },
}

/** What keeps a value that `create` returned from being a provider of its kind; `undefined` where nothing does. */
export function providerFault(kind: PluginKind, value: unknown): string | undefined {
  if (value instanceof Promise) {
    // Its outcome is nobody's any more.
    value.catch(() => undefined)
    return 'create returned a promise; it makes the provider at once, and connects in warm or on first use'
  }
  if (!isObject(value)) {
    return `create returned ${value === null ? 'null' : typeof value}, and not a provider; return an object with ${needed(kind).join(', ')}`
  }
  for (const [name, wanted] of Object.entries<Check>(FIELDS[kind])) {
    const held = value[name]
    if (held === undefined && wanted.optional) continue
    if (held === undefined)
      return `the provider has no "${name}"${meant(kind, value, name)}; ${kind} needs ${needed(kind).join(', ')}`
    if (!wanted.test(held)) return `"${name}" of the provider is not ${wanted.is}; it is ${shown(held)}`
  }
  return kind === 'stt' && value['sessions'] === false && value['recognize'] === undefined
    ? 'the provider has "sessions: false" and no "recognize"; it hears nothing without one of the two'
    : undefined
}

/**
 * What a provider has that nobody will ever call or read, and that reads like what its kind may have: `recognise` for
 * `recognize`, `prewarm` for `warm`. A sentence each.
 */
export function misspeltFields(kind: PluginKind, provider: object): readonly string[] {
  return oddFields(provider, knownFields(kind)).map(
    ({ name, meant: near }) =>
      `the provider has "${name}", which ${kind} does not know; did you mean "${near}"?`,
  )
}

function knownFields(kind: PluginKind): ReadonlyMap<string, KnownField> {
  return new Map(
    Object.entries<Check>(FIELDS[kind]).map(([name, wanted]) => [
      name,
      { is: wanted.is === method.is ? 'method' : 'data', fits: wanted.test },
    ]),
  )
}

function needed(kind: PluginKind): readonly string[] {
  return Object.entries<Check>(FIELDS[kind]).flatMap(([name, { optional: may }]) => (may ? [] : [name]))
}

/** `open_session` or `opensesion` for `openSession`. */
function meant(kind: PluginKind, provider: object, name: string): string {
  const near = didYouMean(
    name,
    Object.keys(provider).filter((key) => !(key in FIELDS[kind])),
  )
  return near === undefined ? '' : `, but "${near}"`
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

const ENCODINGS: ReadonlySet<unknown> = new Set<AudioFormat['encoding']>(['mulaw', 'alaw', 'linear16'])

function isFormat(value: unknown): boolean {
  if (!isObject(value)) return false
  const { encoding, sampleRateHz } = value
  return ENCODINGS.has(encoding) && isRate(sampleRateHz)
}

function isRate(value: unknown): boolean {
  return wholeFrom(4000)(value) && (value as number) <= 192_000
}

function isDelay(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && value <= 1000
}

const MAX_SHOWN = 120

/** A value as whoever wrote it would, in one line. */
function shown(value: unknown): string {
  const text = inspect(value, {
    depth: 2,
    breakLength: Number.POSITIVE_INFINITY,
    maxStringLength: 40,
    customInspect: false,
  })
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text
}
