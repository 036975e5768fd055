/**
 * One message of the Speech service's WebSocket protocol: headers, an empty line, a body. In a text frame all of it is
 * text; in a binary frame the headers' length comes first, two bytes, big-endian
 * (learn.microsoft.com, "Speech WebSocket protocol").
 */
export interface WireMessage {
  /** `speech.config`, `audio`, `turn.end` …, in lower case. */
  readonly path: string
  readonly requestId: string
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
  readonly bytes: Uint8Array
}

const NO_BYTES = new Uint8Array()

export function readTextMessage(frame: string): WireMessage {
  const split = frame.indexOf('\r\n\r\n')
  const head = split < 0 ? frame : frame.slice(0, split)
  return assemble(head, split < 0 ? '' : frame.slice(split + 4), NO_BYTES)
}

export function readBinaryMessage(frame: Buffer): WireMessage {
  const headBytes = frame.readUInt16BE(0)
  const head = frame.toString('latin1', 2, 2 + headBytes)
  return assemble(head, '', frame.subarray(2 + headBytes))
}

export function writeTextMessage(path: string, requestId: string, body: unknown): string {
  return `${head(path, requestId, 'application/json; charset=utf-8')}\r\n${JSON.stringify(body)}`
}

export function writeBinaryMessage(
  path: string,
  requestId: string,
  headers: Readonly<Record<string, string>>,
  body: Uint8Array,
): Buffer {
  const extra = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  const text = Buffer.from(head(path, requestId, 'audio/x-wav') + extra.join(''), 'latin1')
  const length = Buffer.alloc(2)
  length.writeUInt16BE(text.length)
  return Buffer.concat([length, text, body])
}

function head(path: string, requestId: string, contentType: string): string {
  return `X-RequestId:${requestId}\r\nContent-Type:${contentType}\r\nPath:${path}\r\n`
}

function assemble(head: string, text: string, bytes: Uint8Array): WireMessage {
  const headers: Record<string, string> = {}
  for (const line of head.split('\r\n')) {
    const colon = line.indexOf(':')
    if (colon > 0) headers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim()
  }
  return {
    path: (headers.path ?? '').toLowerCase(),
    requestId: (headers['x-requestid'] ?? '').toUpperCase(),
    headers,
    text,
    bytes,
  }
}
