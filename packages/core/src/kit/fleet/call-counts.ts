import type { FleetLimits, FleetRefusal } from '../../contracts/call-directory.ts'

interface Counted {
  readonly number?: string
}

/** How many calls there are, and how many of each number. */
export class CallCounts {
  readonly #ofNumber = new Map<string, number>()
  #total = 0

  get total(): number {
    return this.#total
  }

  of(number: string | undefined): number {
    return number === undefined ? 0 : (this.#ofNumber.get(number) ?? 0)
  }

  add({ number }: Counted): void {
    this.#total++
    if (number !== undefined) this.#ofNumber.set(number, this.of(number) + 1)
  }

  remove({ number }: Counted): void {
    this.#total--
    if (number === undefined) return
    const left = this.of(number) - 1
    if (left > 0) this.#ofNumber.set(number, left)
    else this.#ofNumber.delete(number)
  }

  copy(): CallCounts {
    const copy = new CallCounts()
    copy.#total = this.#total
    for (const [number, count] of this.#ofNumber) copy.#ofNumber.set(number, count)
    return copy
  }
}

/**
 * Which limit leaves no room for a call; `undefined`: all do. `fits` says whether one more is within `limit`: of all
 * calls, or of those of `number`.
 */
export function refusalBy(
  { number }: Counted,
  limits: FleetLimits,
  fits: (limit: number, number?: string) => boolean,
): FleetRefusal | undefined {
  if (limits.maxCalls > 0 && !fits(limits.maxCalls)) return { refused: 'full', by: 'fleet' }
  if (number === undefined || limits.maxCallsOfNumber <= 0) return undefined
  return fits(limits.maxCallsOfNumber, number) ? undefined : { refused: 'full', by: 'number' }
}
