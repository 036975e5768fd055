import type { IncomingMessage } from 'node:http'

/** A webhook's form takes a few KB. */
export const MAX_BODY_BYTES = 64 * 1024

/** Who sends byte by byte has each looked at as if it were a body: a form comes in one piece, or in a few. */
const MAX_PARTS = 1024

export type ReadBody = { readonly body: Buffer } | { readonly fault: 'too-large' | 'aborted' }

/** Reads the whole body. One that is announced as too large is not begun; one that breaks off is no error of ours. */
export function readBody(request: IncomingMessage, maxBytes = MAX_BODY_BYTES): Promise<ReadBody> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) {
    return Promise.resolve({ fault: 'too-large' })
  }
  return new Promise((resolve) => {
    const parts: Buffer[] = []
    let bytes = 0
    request.on('data', (part: Buffer) => {
      bytes += part.length
      // Whatever it answered, what came in the same piece would be read first.
      if (parts.length >= MAX_PARTS) request.socket.destroy()
      else if (bytes > maxBytes) {
        request.pause()
        resolve({ fault: 'too-large' })
      } else parts.push(part)
    })
    request.once('end', () => resolve({ body: Buffer.concat(parts) }))
    request.once('error', () => resolve({ fault: 'aborted' }))
    request.once('close', () => resolve({ fault: 'aborted' }))
  })
}
