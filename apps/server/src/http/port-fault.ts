import { messageOf } from '@kav/core'

/** Why the port of the calls cannot be opened, and what to do. */
export function portFault(error: unknown, port: number, host: string | undefined): string {
  const place = host === undefined ? `port ${port}` : `port ${port} of ${host}`
  switch ((error as NodeJS.ErrnoException | undefined)?.code) {
    case 'EADDRINUSE':
      return `${place} is taken, by another kav serve perhaps: set PORT or --port to one that is free`
    case 'EACCES':
      return `${place} is not for this user: set PORT or --port to one above 1023, and let a proxy have the other`
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `--host is "${host}", which is no address of this machine`
    default:
      return `${place} cannot be opened (${messageOf(error)}): set PORT, --port or --host`
  }
}
