import { InvalidArgumentError } from 'commander'

export function countOf(text: string): number {
  const count = Number(text)
  if (!Number.isInteger(count) || count < 1) throw new InvalidArgumentError('a whole number, 1 or more')
  return count
}
