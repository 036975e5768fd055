import { didYouMean } from './did-you-mean.ts'

/** A field that is not known, and that reads like one that is not there. */
export interface OddField {
  readonly name: string
  readonly meant: string
}

/**
 * What an object has that nobody will ever call or read, and that reads like what it may have: `recognise` for
 * `recognize`, `prewarm` for `warm`.
 */
export function oddFields(value: object, known: readonly string[]): readonly OddField[] {
  const missing = known.filter((name) => !(name in value))
  return fieldsOf(value).flatMap((name) => {
    if (known.includes(name) || name.startsWith('_')) return []
    const meant = nearestOf(name, missing)
    return meant === undefined ? [] : [{ name, meant }]
  })
}

/** Its own fields, and the methods of its class. */
function fieldsOf(value: object): readonly string[] {
  const names = new Set<string>()
  for (let at: unknown = value; isObject(at) && at !== Object.prototype; at = Object.getPrototypeOf(at))
    for (const name of Object.getOwnPropertyNames(at)) if (name !== 'constructor') names.add(name)
  return [...names]
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

/** Shorter ones stand in many a word. */
const MIN_PART_CHARS = 4

/** One that is a few letters away, or all there with more around it. */
function nearestOf(name: string, candidates: readonly string[]): string | undefined {
  const within = (candidate: string) =>
    candidate.length >= MIN_PART_CHARS && name.toLowerCase().includes(candidate.toLowerCase())
  return didYouMean(name, candidates) ?? candidates.find(within)
}
