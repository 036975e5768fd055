import type { PluginContext } from '../../contracts/plugin.ts'
import type { SttEvent } from '../../contracts/stt.ts'
import type { JsonMessage } from './json-message.ts'
import type { MessagesIn, WireData } from './messages-in.ts'
import type { WireSocketOptions } from './wire-socket.ts'

/** What a service's messages mean. One object for each session: it may remember what it was told. */
export interface SttProtocol {
  /** Messages that go out before any audio. */
  readonly first?: readonly WireData[]
  /** Whether this message says that audio is welcome; the opening waits for it. Absent: the upgrade says so. */
  isReady?(message: JsonMessage): boolean
  /** A piece of audio as the service takes it. Absent: its bytes as they are. The audio is lent. */
  audioMessage?(audio: Uint8Array): string | Uint8Array
  /** What tells the service that no more audio comes. */
  readonly last: WireData
  /** The objects in one message. Absent: a text is one object of JSON, and a binary message is none. */
  messagesIn?: MessagesIn
  /**
   * Reads one message, an object whose fields may be anything; whatever is none is counted and left out before:
   * `session.emit` for each thing it says. A `ProviderError` thrown here, of a fault that the service describes, ends
   * the session, or its opening.
   */
  read(message: JsonMessage, session: SttSocketSession): void
}

/**
 * The session as the reader of messages sees it. It keeps the order that the contract asks for: words that only a
 * partial showed become a final when the events end, and speech stops only where it had started.
 */
export interface SttSocketSession {
  emit(event: SttEvent): void
  /** Sends the service a message of the protocol. */
  send(message: WireData): void
  /** Everything was said: the events end. */
  end(): void
  /** A message that is not what it should be, and is left out: it is counted, and the first one is logged. */
  odd(): void
  /** `finish` was called. */
  readonly finishing: boolean
}

export interface SttSocketOptions {
  readonly socket: WireSocketOptions
  readonly protocol: SttProtocol
  readonly context: PluginContext
  readonly callId: string
  /** How the plugin's counters begin: `deepgram_stt`. */
  readonly counter: string
  /** How long the service may take for its last words after `finish`. Default 5 s. */
  readonly finishLimitMs?: number
}
