import { isProviderError } from '../../contracts/errors.ts'
import { jsonMessage, type JsonMessage } from './json-message.ts'

/** What comes from a service: a text, or the bytes of a binary message, lent. */
export type WireData = string | Uint8Array

/**
 * The objects in one message of a service whose messages are more than an object of JSON each: lines, binary messages,
 * MessagePack. What is no object, and a throw that is no `ProviderError`, is a message that cannot be read. Bytes are
 * lent: what an object keeps of them is a copy.
 */
export type MessagesIn = (data: WireData) => Iterable<unknown>

export interface MessageHandlers {
  onMessage(message: JsonMessage): void
  /** It is none. */
  onOdd(): void
  /** By `onMessage`, or by `messagesIn` of a fault. */
  onThrown(thrown: unknown): void
}

/** Reads what comes, message by message. Absent `messagesIn`: a text is one object of JSON, and bytes are none. */
export function createMessageReader(
  messagesIn: MessagesIn | undefined,
  { onMessage, onOdd, onThrown }: MessageHandlers,
): (data: WireData) => void {
  function take(message: unknown): void {
    if (isObject(message)) onMessage(message)
    else onOdd()
  }
  return (data) => {
    try {
      if (messagesIn !== undefined) readAll(data, messagesIn).forEach(take)
      else take(typeof data === 'string' ? jsonMessage(data) : undefined)
    } catch (thrown) {
      onThrown(thrown)
    }
  }
}

/** Read whole before the first one is taken: a fault of whoever takes it is no odd message. */
function readAll(data: WireData, messagesIn: MessagesIn): readonly unknown[] {
  try {
    return [...messagesIn(data)]
  } catch (thrown) {
    if (isProviderError(thrown)) throw thrown
    return [undefined]
  }
}

function isObject(value: unknown): value is JsonMessage {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
