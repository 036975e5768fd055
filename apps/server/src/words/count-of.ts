import { InvalidArgumentError } from 'commander'
import { wholeNumberOf } from './whole-number.ts'

/** Reads the value of an option that counts something, up to this many. */
export function countUpTo(most: number): (text: string) => number {
  return (text) => {
    const count = wholeNumberOf(text) ?? 0
    if (count < 1 || count > most)
      throw new InvalidArgumentError(`a whole number from 1 to ${most} is expected`)
    return count
  }
}
