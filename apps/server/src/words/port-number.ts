import { InvalidArgumentError } from 'commander'
import { wholeNumberOf } from './whole-number.ts'

const MAX_PORT = 65_535

/** The value of an option `--port` of who listens; at 0 the system chooses one. */
export function portNumber(text: string): number {
  return portFrom(0, text)
}

/** Of who asks somebody that listens already: nobody is found at 0. */
export function takenPort(text: string): number {
  return portFrom(1, text)
}

function portFrom(least: number, text: string): number {
  const port = wholeNumberOf(text)
  if (port === undefined || port < least || port > MAX_PORT)
    throw new InvalidArgumentError(`a port is ${least} to ${MAX_PORT}`)
  return port
}
