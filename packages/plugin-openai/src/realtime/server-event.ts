import type { RealtimeServerEvent } from 'openai/resources/realtime/realtime'

/** Any event the server sends, those this version knows among them. */
export type ServerEvent = RealtimeServerEvent | { readonly type: 'unknown' }

/** Names of the beta, which some compatible servers still speak, and what they are called now. */
const RENAMED: Readonly<Record<string, string>> = {
  'transcription_session.created': 'session.created',
  'transcription_session.updated': 'session.updated',
  'conversation.item.created': 'conversation.item.added',
  'response.audio.delta': 'response.output_audio.delta',
  'response.audio.done': 'response.output_audio.done',
  'response.audio_transcript.delta': 'response.output_audio_transcript.delta',
  'response.audio_transcript.done': 'response.output_audio_transcript.done',
  'response.text.delta': 'response.output_text.delta',
  'response.text.done': 'response.output_text.done',
}

/** The event under the name it has in the generally available API. */
export function currentEventName(event: ServerEvent): ServerEvent {
  const name = RENAMED[event.type]
  return name === undefined ? event : ({ ...event, type: name } as ServerEvent)
}
