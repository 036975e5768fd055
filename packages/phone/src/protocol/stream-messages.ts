/** The call as its carrier knows it. */
export interface StreamIdentity {
  readonly accountSid: string
  readonly callSid: string
}

/** Builds Twilio's messages of one stream (twilio.com/docs/voice/media-streams/websocket-messages). */
export interface StreamMessages {
  connected(): string
  start(customParameters: Readonly<Record<string, string>>): string
  /** `payload` is base64 of raw mu-law; `timestampMs` counts from the start of the stream. */
  media(timestampMs: number, payload: string): string
  dtmf(digit: string): string
  mark(name: string): string
  stop(): string
}

export function createStreamMessages(call: StreamIdentity, streamSid: string): StreamMessages {
  const { accountSid, callSid } = call
  let sequence = 0
  let chunk = 0
  const next = (): string => String(++sequence)
  const mediaTail = `"},"streamSid":"${streamSid}"}`
  return {
    connected: () => JSON.stringify({ event: 'connected', protocol: 'Call', version: '1.0.0' }),
    start: (customParameters) =>
      JSON.stringify({
        event: 'start',
        sequenceNumber: next(),
        start: {
          accountSid,
          streamSid,
          callSid,
          tracks: ['inbound'],
          mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 },
          customParameters,
        },
        streamSid,
      }),
    media: (timestampMs, payload) =>
      `{"event":"media","sequenceNumber":"${++sequence}","media":{"track":"inbound","chunk":"${++chunk}",` +
      `"timestamp":"${timestampMs}","payload":"${payload}${mediaTail}`,
    dtmf: (digit) =>
      JSON.stringify({
        event: 'dtmf',
        streamSid,
        sequenceNumber: next(),
        dtmf: { track: 'inbound_track', digit },
      }),
    mark: (name) => JSON.stringify({ event: 'mark', sequenceNumber: next(), streamSid, mark: { name } }),
    stop: () =>
      JSON.stringify({ event: 'stop', sequenceNumber: next(), stop: { accountSid, callSid }, streamSid }),
  }
}
