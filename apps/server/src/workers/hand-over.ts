import type { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { UpgradeHead } from './messages.ts'

/**
 * What a worker needs to take an upgrade over. Reading stops here, so that no byte is read by a process that does not
 * want it any more: Node would go on reading until the other side has the socket, and throw away what it read.
 */
export function handOver(
  path: string,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): { readonly head: UpgradeHead; readonly socket: Socket } | undefined {
  // A socket of anything but the port itself has no handle that could be given away.
  if (!(socket instanceof Socket)) return undefined
  const { _handle: handle } = socket as unknown as { readonly _handle?: { readStop?(): void } | null }
  handle?.readStop?.()
  const { method = '', url = '/', httpVersion, rawHeaders, headers } = request
  return { head: { path, method, url, httpVersion, rawHeaders, headers, head }, socket }
}
