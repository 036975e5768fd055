/** Reads server-sent events: name and data of each, as they come. Ends with the stream. */
export async function* readEvents(
  body: ReadableStream<Uint8Array>,
): AsyncGenerator<{ readonly event: string; readonly data: unknown }> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let text = ''
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      text += decoder.decode(value, { stream: true })
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const read = readOne(text.slice(0, end))
        text = text.slice(end + 2)
        if (read !== undefined) yield read
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}

/** `undefined`: a comment, which keeps the connection open. */
function readOne(block: string): { readonly event: string; readonly data: unknown } | undefined {
  let event = 'message'
  let data = ''
  for (const line of block.split('\n')) {
    if (line.startsWith('event: ')) event = line.slice('event: '.length)
    else if (line.startsWith('data: ')) data += line.slice('data: '.length)
  }
  return data === '' ? undefined : { event, data: JSON.parse(data) as unknown }
}
