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
