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

/** By the charset of the header, else UTF-8; a character that was cut in half at the end is left out. */
function decode(bytes: Uint8Array, contentType: string, cut: boolean): string {
  return decoderFor(contentType).decode(bytes, { stream: cut })
}

function decoderFor(contentType: string): InstanceType<typeof TextDecoder> {
  const charset = /;\s*charset\s*=\s*["']?([^\s;"']+)/.exec(contentType)?.[1]
  try {
    return new TextDecoder(charset)
  } catch {
    return new TextDecoder()
  }
}
