import { createStreamMessages, judgeAudio, judgeMessage } from '@kav/phone/protocol'
import type { EngineSend, FromServer } from './engine/engine-messages.ts'

/** How a call ended, as the phone saw it. */
export interface StreamEnd {
  readonly by: 'caller' | 'agent' | 'refused' | 'lost'
  /** What the server said of it. */
  readonly why?: string
}

export interface StreamHandlers {
  /** The stream is up and has been told who calls: audio may come, and go. */
  onUp(): void
  onMessage(message: FromServer): void
  /** A breach of the protocol, each text as often as it comes. */
  onViolation(text: string): void
  /** Once, and last. */
  onEnd(end: StreamEnd): void
}

/** Twilio's end of one media stream, in a browser. */
export interface PhoneStream {
  send(message: EngineSend): void
  hangUp(): void
}

const NORMAL = 1000
const NO_STATUS = 1005
const ABNORMAL = 1006
const UP = 1

export function runPhoneStream(
  socket: WebSocket,
  offer: { readonly callId: string; readonly parameters: Readonly<Record<string, string>> },
  handlers: StreamHandlers,
): PhoneStream {
  const streamSid = `MZ${crypto.randomUUID().replaceAll('-', '')}`
  const messages = createStreamMessages(
    { accountSid: `AC${'0'.repeat(32)}`, callSid: offer.callId },
    streamSid,
  )
  let hungUp = false
  let wasUp = false

  function say(text: string): void {
    if (socket.readyState === UP) socket.send(text)
  }

  socket.onopen = () => {
    wasUp = true
    say(messages.connected())
    say(messages.start(offer.parameters))
    handlers.onUp()
  }
  socket.onmessage = ({ data }: MessageEvent<unknown>) => {
    if (typeof data !== 'string')
      return handlers.onViolation('a binary message: only text exists (Twilio warning 31950)')
    const judged = judgeMessage(data, streamSid, (text) => handlers.onViolation(text))
    if (judged?.type !== 'media') return judged && handlers.onMessage(judged)
    const audio = Uint8Array.from(atob(judged.payload), (character) => character.charCodeAt(0))
    judgeAudio(audio, (text) => handlers.onViolation(text))
    handlers.onMessage({ type: 'media', audio })
  }
  socket.onclose = ({ code, reason }) => handlers.onEnd(endOf(code, reason, { hungUp, wasUp }))

  return {
    send(message) {
      if (message.type === 'media')
        say(messages.media(message.timestampMs, btoa(String.fromCharCode(...message.audio))))
      else if (message.type === 'mark') say(messages.mark(message.name))
      else say(messages.dtmf(message.digit))
    },
    hangUp() {
      if (hungUp) return
      hungUp = true
      say(messages.stop())
      socket.close(NORMAL)
    },
  }
}

function endOf(
  code: number,
  reason: string,
  { hungUp, wasUp }: { readonly hungUp: boolean; readonly wasUp: boolean },
): StreamEnd {
  if (hungUp) return { by: 'caller' }
  if (code === NORMAL || code === NO_STATUS) return { by: 'agent' }
  // A handshake that was refused looks as a line that was lost: a browser does not say which.
  if (code === ABNORMAL) return wasUp ? { by: 'lost' } : { by: 'refused', why: 'the stream was not taken' }
  return { by: 'refused', why: reason === '' ? `code ${code}` : reason }
}
