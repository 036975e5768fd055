/** What a notice holds, as JSON; `undefined` for what JSON cannot carry. */
export function noticeBytes(body: unknown): Uint8Array | undefined {
  try {
    return Buffer.from(JSON.stringify(body) ?? 'null')
  } catch {
    return undefined
  }
}
