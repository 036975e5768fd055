import type { LlmMessage } from '../../contracts/llm.ts'
import type { PluginContext } from '../../contracts/plugin.ts'
import type { HeardAudio, RealtimeEvent, RealtimeSessionOptions } from '../../contracts/realtime.ts'
import type { JsonMessage } from '../wire/json-message.ts'
import type { MessagesIn } from '../wire/messages-in.ts'
import type { WireSocketOptions } from '../wire/wire-socket.ts'

/** What goes out to a speech-to-speech service, and what its messages mean. One object for each session. */
export interface RealtimeProtocol {
  /**
   * Messages that begin a connection: settings, instructions, tools, and the conversation so far. At first that is
   * `options.history`; after a cut also all that was said and heard since, tool calls and results among it.
   */
  first(conversation: readonly LlmMessage[]): readonly string[]
  /**
   * Whether this message says that audio is welcome; the opening waits for it, and messages before it are not read. A
   * `ProviderError` thrown here refuses the opening. Absent: the upgrade says so.
   */
  isReady?(message: JsonMessage): boolean
  /** The objects in one message. Absent: a text is one object of JSON, and a binary message is none. */
  messagesIn?: MessagesIn
  /** A piece of audio as the service takes it. Absent: its bytes as they are. The audio is lent. */
  audioMessage?(audio: Uint8Array): string | Uint8Array
  /**
   * Reads one message, an object whose fields may be anything: `session.emit` for each thing it says. A
   * `ProviderError` thrown here, of a fault that the service describes, is a cut: one that may be retried moves the
   * session to a new connection, any other ends it.
   */
  read(message: JsonMessage, session: RealtimeSocketSession): void
  interrupt(heard: HeardAudio | undefined): string
  toolResult(callId: string, content: string): string
  say(text: string): string
  /** Asks for an answer to the conversation as it stands: after a cut, where one was lost or is still owed. */
  readonly answer: string
  /** The caller has finished speaking. Absent: the service finds that out. */
  readonly endTurn?: string
  /** What tells the service that no more audio comes; it delivers what it is saying. */
  readonly last: string
}

/**
 * The session as the reader of messages sees it. Events are what the service said, and no more: offsets from the first
 * byte of its connection, whatever it sends of an interrupted reply. The session puts them right.
 */
export interface RealtimeSocketSession {
  emit(event: RealtimeEvent): void
  /** Sends the service a message of the protocol. */
  send(message: string): void
  /** Everything was said: the events end. */
  end(): void
  /** A message that is not what it should be, and is left out: it is counted, and the first one is logged. */
  odd(): void
}

export interface RealtimeSocketOptions {
  readonly socket: WireSocketOptions
  readonly protocol: RealtimeProtocol
  readonly options: RealtimeSessionOptions
  readonly context: PluginContext
  /** How the plugin's counters begin: `acme_realtime`. */
  readonly counter: string
  /** How long a running reply may take after `finish`. Default 20 s. */
  readonly finishLimitMs?: number
}
