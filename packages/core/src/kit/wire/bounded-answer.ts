/** An answer to an HTTP request, as much of it as was wanted. */
export interface BoundedAnswer {
  readonly status: number
  readonly contentType: string
  readonly text: string
  /** There was more than the bound. */
  readonly cut: boolean
  /** Why the rest of the answer did not come, where it broke off. */
  readonly brokeOff?: string
}

/** Reads so many bytes at most; what comes after is not waited for. */
export async function boundedAnswer(response: Response, maxBytes: number): Promise<BoundedAnswer> {
  const contentType = (response.headers.get('content-type') ?? '').toLowerCase()
  const pieces: Uint8Array[] = []
  let bytes = 0
  let brokeOff: string | undefined
  try {
    for await (const piece of chunksOf(response)) {
      pieces.push(piece)
      bytes += piece.byteLength
      // Leaving the loop cancels the rest of the answer.
      if (bytes > maxBytes) break
    }
  } catch (error) {
    brokeOff = networkFault(error)
  }
  const cut = bytes > maxBytes
  const whole = Buffer.concat(pieces).subarray(0, maxBytes)
  const text = decode(whole, contentType, cut || brokeOff !== undefined)
  return { status: response.status, contentType, cut, text, ...(brokeOff !== undefined && { brokeOff }) }
}

/** `ECONNREFUSED` and the like. The message of an error may hold the URL or a header: it is never used. */
export function networkFault(error: unknown): string {
  for (let at = error, depth = 0; at instanceof Error && depth < 4; at = at.cause, depth++) {
    if ('code' in at && typeof at.code === 'string' && /^[A-Z_0-9]{3,40}$/.test(at.code)) return at.code
  }
  return 'network fault'
}

async function* chunksOf(response: Response): AsyncGenerator<Uint8Array> {
  if (response.body === null) return
  for await (const chunk of response.body) yield chunk as Uint8Array
}

/** What a text says of itself at its very beginning. */
const SAID_WITHIN_BYTES = 512
const SAID_IN_XML = /^\s*<\?xml\s[^>]{0,200}?encoding\s?=\s?["']([\w.:-]{1,40})["']/i
const SAID_IN_HTML = /<meta\s[^<>]{0,200}?charset\s?=\s?["']?([\w.:-]{1,40})/i

/**
 * By the mark at the beginning, which goes before the header (the Encoding Standard has it so), by the charset of the
 * header, by what the text says of itself, else UTF-8; a character that was cut in half at the end is left out.
 */
function decode(bytes: Uint8Array, contentType: string, cut: boolean): string {
  const inHeader = /;\s*charset\s*=\s*["']?([^\s;"']+)/.exec(contentType)?.[1]
  return decoderFor(markOf(bytes) ?? inHeader ?? saidIn(bytes)).decode(bytes, { stream: cut })
}

const MARKS = [
  ['feff', 'utf-16be'],
  ['fffe', 'utf-16le'],
  ['efbbbf', 'utf-8'],
] as const

function markOf(bytes: Uint8Array): string | undefined {
  const start = Buffer.from(bytes.subarray(0, 3)).toString('hex')
  return MARKS.find(([mark]) => start.startsWith(mark))?.[1]
}

function saidIn(bytes: Uint8Array): string | undefined {
  const start = Buffer.from(bytes.subarray(0, SAID_WITHIN_BYTES)).toString('latin1')
  return (SAID_IN_XML.exec(start) ?? SAID_IN_HTML.exec(start))?.[1]
}

function decoderFor(charset: string | undefined): InstanceType<typeof TextDecoder> {
  try {
    return new TextDecoder(charset)
  } catch {
    return new TextDecoder()
  }
}
