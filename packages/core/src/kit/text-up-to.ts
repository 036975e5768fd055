/** An answer's JSON. Rejects where it is none, or longer than `mostBytes`. */
export async function jsonUpTo(answer: Response, mostBytes: number): Promise<unknown> {
  return JSON.parse(await textUpTo(answer.body as AsyncIterable<Uint8Array> | null, mostBytes)) as unknown
}

/** A body as text, up to the piece that brings it to `mostBytes`; what is behind is not read. Empty without a body. */
export async function textUpTo(
  body: AsyncIterable<Uint8Array> | null | undefined,
  mostBytes: number,
): Promise<string> {
  if (!body) return ''
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  for await (const chunk of body) {
    bytes += chunk.length
    text += decoder.decode(chunk, { stream: true })
    if (bytes >= mostBytes) break
  }
  return text + decoder.decode()
}
