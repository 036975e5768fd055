import { editDistance, plainName } from './did-you-mean.ts'

/** A field that is not known, and that reads like one that is not there. */
export interface OddField {
  readonly name: string
  readonly meant: string
}

/** What a field that an object may have is, so that one that cannot be meant is not suspected. */
export interface KnownField {
  readonly is: 'method' | 'data'
  /** Whether a value could be this field's. */
  fits(value: unknown): boolean
}

/** What others call a method, which no mistake in typing explains. Whole names alone: these words are in many a name. */
const OTHER_NAMES: Readonly<Record<string, readonly string[]>> = {
  warm: ['prewarm', 'warmup'],
  place: ['placecall'],
  enter: ['enterkeys', 'enterdigits'],
}

/**
 * What an object has that nobody will ever call or read, and that reads like what it may have: `recognise` for
 * `recognize`, `prewarm` for `warm`. Fields of its own that a class has (`openSessions`, `region`, `sender`) are
 * ordinary: better one that is missed than one that is suspected wrongly. Calls nothing, getters neither.
 */
export function oddFields(value: object, known: ReadonlyMap<string, KnownField>): readonly OddField[] {
  const missing = [...known].filter(([name]) => !(name in value))
  return [...fieldsOf(value)].flatMap(([name, held]) => {
    if (known.has(name) || name.startsWith('_')) return []
    const meant = missing.find(
      ([candidate, field]) => couldBe(field, held) && readsLike(name, candidate, field),
    )
    return meant === undefined ? [] : [{ name, meant: meant[0] }]
  })
}

/** Its own fields and the methods of its class. */
function fieldsOf(value: object): ReadonlyMap<string, unknown> {
  const fields = new Map<string, unknown>()
  for (let at: unknown = value; isObject(at) && at !== Object.prototype; at = Object.getPrototypeOf(at))
    for (const name of Object.getOwnPropertyNames(at)) {
      const held = Object.getOwnPropertyDescriptor(at, name)
      if (name !== 'constructor' && held !== undefined && 'value' in held && !fields.has(name))
        fields.set(name, held.value)
    }
  return fields
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function couldBe({ is, fits }: KnownField, held: unknown): boolean {
  const isFunction = typeof held === 'function'
  return is === 'method' ? isFunction : !isFunction && fits(held)
}

/** In shorter names one other letter makes another word: `pace` and `place`, `center` and `enter`. */
const MIN_CHARS_FOR_ONE = 7
const MIN_CHARS_FOR_TWO = 10
/** `recognizer`, `summarized`: no mistake, another word. */
const ENDING = /^(e?s|e?d|e?r|e?rs|ing)$/
const UNIT = /(ms|hz)$/

function readsLike(written: string, candidate: string, { is }: KnownField): boolean {
  const [name, meant] = [plainName(written), plainName(candidate)]
  if (name === meant) return true
  if (is === 'method' && OTHER_NAMES[candidate]?.includes(name) === true) return true
  if (name.startsWith(meant) && ENDING.test(name.slice(meant.length))) return false
  if (UNIT.exec(meant)?.[0] !== UNIT.exec(name)?.[0]) return false
  const distance = editDistance(name, meant)
  if (meant.length < MIN_CHARS_FOR_ONE) return distance === 1 && isSwap(name, meant)
  return distance <= (meant.length < MIN_CHARS_FOR_TWO ? 1 : 2)
}

/** The same letters in another order. */
function isSwap(a: string, b: string): boolean {
  return [...a].toSorted().join('') === [...b].toSorted().join('')
}
