// One scenario played in real time over a media stream in Twilio's protocol: the same caller, line, recogniser and far
// end as on the fake clock, and a server behind a socket.

import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { URLSearchParams } from 'node:url'
import { WebSocket } from 'ws'
import { findStream } from '../../callers/find-stream.mjs'
import { createCaller } from '../call/caller.mjs'
import { createEchoWords } from '../call/echo-words.mjs'
import { createFarEnd } from '../call/far-end.mjs'
import { createLine } from '../call/line.mjs'
import { createRecogniser } from '../call/recogniser.mjs'

const FRAME_MS = 20
const ACCOUNT_SID = `AC${'0'.repeat(32)}`
/** Longer than any scenario. */
const LIMIT_MS = 90_000

/**
 * `{ scenario, caller: events, agent: mu-law, durationMs, gaveUp, events: [], latenessMs: [] }`, as `judge` takes it;
 * `latenessMs` is how late each frame of the caller was. The server is told what to ask first, as the parameter `asks`:
 * at its `webhookUrl`, or in the `start` of the stream at its `streamUrl`. Rejects when it leaves before the caller.
 */
export async function playLive(scenario, { server, services, sounds, clock }) {
  const callSid = `CA${randomBytes(16).toString('hex')}`
  const channel = services.expect(callSid, scenario)
  channel.tell({ reply: scenario.replies.first })
  const { url, parameters } = await streamOf(server, callSid, { asks: scenario.asks })
  const socket = new WebSocket(url, { perMessageDeflate: false })
  try {
    await once(socket, 'open')
    return await play({ scenario, sounds, clock, channel, socket, callSid, parameters })
  } finally {
    channel.forget()
    socket.terminate()
  }
}

async function streamOf({ webhookUrl, streamUrl }, callSid, parameters) {
  if (streamUrl !== undefined) return { url: streamUrl, parameters }
  const asked = `${webhookUrl}?${new URLSearchParams(parameters)}`
  return findStream({ webhookUrl: asked }, { accountSid: ACCOUNT_SID, callSid })
}

async function play({ scenario, sounds, clock, channel, socket, callSid, parameters }) {
  const stream = openStream(socket, { callSid, parameters })
  const far = createFarEnd(clock, scenario.id)
  far.call.open({ onMedia: stream.media, onMark: stream.mark, onHangUp() {} })
  socket.on('message', (text) => receive(JSON.parse(text), far.call))
  const { jitter, seed, recogniser: traits } = scenario
  const recogniser = createRecogniser({ clock, traits, seed, lateMs: jitter?.ms ?? 0 })
  const session = await recogniser.provider.openSession()
  void pass(session, channel)
  const caller = createCaller(scenario, sounds, (step, startMs) => {
    if (caller.begun > 1) channel.tell({ reply: scenario.replies.then })
    recogniser.hear(step.utterance, step, startMs)
    channel.tell({ done: false })
    clock.after(step.utterance.endMs, () => channel.tell({ done: true }))
  })
  const echoWords = scenario.echo?.recognised ? createEchoWords(scenario, recogniser.say) : undefined
  const line = createLine({ scenario, clock, far, sounds })
  const latenessMs = []
  let nowMs = 0
  for (; nowMs < LIMIT_MS; nowMs += FRAME_MS) {
    await new Promise((resolve) => clock.after(nowMs - far.nowMs(), resolve))
    latenessMs.push(Math.max(0, far.nowMs() - nowMs))
    if (socket.readyState !== WebSocket.OPEN) throw new Error(`${scenario.id}: the server left`)
    const frame = caller.frame(nowMs, far.heldMs())
    if (!frame) break
    if (caller.begun === scenario.steps.length) echoWords?.frame(far.heldMs() > 0)
    line.send(frame, nowMs)
  }
  await session.close()
  far.hangUp()
  stream.stop()
  return {
    scenario,
    caller: caller.events,
    gaveUp: caller.gaveUp,
    agent: far.channel().slice(0, nowMs * 8),
    durationMs: nowMs,
    events: [],
    latenessMs,
  }
}

function receive({ event, media, mark }, call) {
  if (event === 'media') call.send(Buffer.from(media.payload, 'base64'))
  else if (event === 'mark') call.mark(mark.name)
  else if (event === 'clear') call.clear()
}

/** What the scripted recogniser says is said by the server's. */
async function pass(session, channel) {
  for await (const words of session.events) channel.tell({ words })
}

/** Twilio's side of the protocol. */
function openStream(socket, { callSid, parameters }) {
  const streamSid = `MZ${randomBytes(16).toString('hex')}`
  let sequence = 0
  let chunk = 0
  const send = (event, more) =>
    socket.readyState === WebSocket.OPEN &&
    socket.send(JSON.stringify({ event, sequenceNumber: String(++sequence), streamSid, ...more }))
  socket.send(JSON.stringify({ event: 'connected', protocol: 'Call', version: '1.0.0' }))
  send('start', {
    start: {
      accountSid: ACCOUNT_SID,
      streamSid,
      callSid,
      tracks: ['inbound'],
      mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 },
      customParameters: parameters,
    },
  })
  return {
    media: (bytes) =>
      send('media', {
        media: {
          track: 'inbound',
          chunk: String(++chunk),
          timestamp: String((chunk - 1) * FRAME_MS),
          payload: Buffer.from(bytes).toString('base64'),
        },
      }),
    mark: (name) => send('mark', { mark: { name } }),
    stop: () => send('stop', { stop: { accountSid: ACCOUNT_SID, callSid } }),
  }
}
