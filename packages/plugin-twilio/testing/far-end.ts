import twilio from 'twilio'
import type { FarEnd } from '@kav/core/testing'
import { CONNECTED, mediaMessage, openTwilioStream, startMessage, STOP, STREAM_SID } from './twilio-stream.ts'

const { getExpectedTwilioSignature } = twilio as unknown as typeof import('twilio/lib/webhooks/webhooks.js')

/** A call as Twilio offers it. */
export interface OfferedByTwilio {
  /** Of the webhook; its query brings values. */
  readonly voiceUrl: string
  readonly callSid: string
  /** What requests are signed with. */
  readonly authToken: string
}

type Form = Readonly<Record<string, string>>

const signed = (url: string, form: Form, authToken: string) => ({
  'x-twilio-signature': getExpectedTwilioSignature(authToken, url, form),
})

/** A form of Twilio's. */
export function postSigned(url: string, form: Form, authToken: string): Promise<Response> {
  const headers = { connection: 'close', ...signed(url, form, authToken) }
  return fetch(url, { method: 'POST', headers, body: new URLSearchParams(form) })
}

/**
 * Places a call as Twilio does and plays its part: marks return once the audio before them would have been played,
 * and at once after `clear`.
 */
export async function dialFarEnd({ voiceUrl, callSid, authToken }: OfferedByTwilio): Promise<FarEnd> {
  const fields = { CallSid: callSid, From: '+15550001111', To: '+15552223333' }
  const response = await postSigned(voiceUrl, fields, authToken)
  const twiml = await response.text()
  const url = /<Stream url="([^"]*)"/.exec(twiml)?.[1]
  if (url === undefined) throw new Error(`refused: ${twiml}`)
  const stream = await openTwilioStream(url, { headers: signed(url, {}, authToken) })
  const parameters = [...twiml.matchAll(/<Parameter name="([^"]*)" value="([^"]*)"/g)]
  const heard: Buffer[] = []
  const pending = new Map<string, NodeJS.Timeout>()
  let playedUntilMs = 0
  let chunk = 0

  const returnMark = (name: string): void => {
    clearTimeout(pending.get(name))
    pending.delete(name)
    if (stream.socket.readyState === stream.socket.OPEN) {
      stream.send({ event: 'mark', sequenceNumber: '9', streamSid: STREAM_SID, mark: { name } })
    }
  }
  stream.socket.on('message', (data) => {
    const message = JSON.parse((data as Buffer).toString()) as {
      event: string
      media?: { payload: string }
      mark?: { name: string }
    }
    const nowMs = performance.now()
    if (message.media !== undefined) {
      const audio = Buffer.from(message.media.payload, 'base64')
      heard.push(audio)
      playedUntilMs = Math.max(nowMs, playedUntilMs) + audio.length / 8
    } else if (message.mark !== undefined) {
      const { name } = message.mark
      pending.set(
        name,
        setTimeout(() => returnMark(name), Math.max(0, playedUntilMs - nowMs)),
      )
    } else if (message.event === 'clear') {
      playedUntilMs = nowMs
      for (const name of [...pending.keys()]) returnMark(name)
    }
  })
  stream.socket.on('close', () => {
    for (const timer of pending.values()) clearTimeout(timer)
  })
  stream.send(CONNECTED)
  stream.send(startMessage(Object.fromEntries(parameters.map(([, name, value]) => [name, value])), callSid))

  return {
    say: (audio) => stream.send(mediaMessage(audio, ++chunk)),
    press: (digit) =>
      stream.send({ event: 'dtmf', streamSid: STREAM_SID, dtmf: { track: 'inbound_track', digit } }),
    heard: () => Buffer.concat(heard),
    hangUp() {
      stream.send(STOP)
      stream.socket.close(1000)
    },
    drop: () => stream.socket.terminate(),
    ended: stream.closed,
  }
}
