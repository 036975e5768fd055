import { InvalidArgumentError } from 'commander'

/** The value of an option `--port`. */
export function portNumber(text: string): number {
  const port = Number(text)
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new InvalidArgumentError('a port is 0 to 65535')
  return port
}
