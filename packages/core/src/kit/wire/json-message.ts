/** A message as it came: an object, whose fields may be anything. */
export type JsonMessage = Readonly<Record<string, unknown>>

/** The object that this text is in JSON; `undefined`: it is none. */
export function jsonMessage(text: string): JsonMessage | undefined {
  try {
    const value: unknown = JSON.parse(text)
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject ? (value as JsonMessage) : undefined
  } catch {
    return undefined
  }
}
