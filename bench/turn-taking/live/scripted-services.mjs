// What stands for the providers of a server that is played to in real time: it says what is recognised and when, what the
// model answers now, and gives out the recorded voice, over one WebSocket a call. Servers of any language dial it.
//
// To the server: `{ words: { type: 'partial' | 'final', text, … } }`, `{ reply: text }`, `{ id, speech: base64 mu-law }`, and
// `{ done: boolean }`, whether the caller has said all, which only a detector that is to know the truth listens to. From it:
// `{ id, speak: text }`.

import { once } from 'node:events'
import { createServer } from 'node:http'
import { WebSocketServer } from 'ws'
import { createAgentVoice } from '../call/agent.mjs'

/** A server may have fixed texts spoken before anybody calls. */
const NO_CALL = { scenario: { msPerCharacter: 60 }, open() {} }

/** `{ url, expect(callSid, scenario), close() }` */
export async function openScriptedServices(callers) {
  const http = createServer()
  const sockets = new WebSocketServer({ server: http, perMessageDeflate: false })
  const calls = new Map()
  const speechOf = rememberSpeech(callers)
  sockets.on('connection', (socket, { url }) => {
    const call = calls.get(new URL(url, 'ws://services').searchParams.get('call')) ?? NO_CALL
    call.open(socket)
    socket.on('message', async (text) => {
      const { id, speak } = JSON.parse(text)
      const speech = await speechOf(speak, call.scenario.msPerCharacter)
      socket.send(JSON.stringify({ id, speech: speech.toString('base64') }))
    })
  })
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  return {
    url: `ws://127.0.0.1:${http.address().port}/`,
    /** The call's channel: `{ tell(message), forget() }`. What is told before the server has dialled is kept for it. */
    expect(callSid, scenario) {
      const kept = []
      let socket
      const call = {
        scenario,
        open(opened) {
          socket = opened
          for (const text of kept.splice(0)) socket.send(text)
        },
      }
      calls.set(callSid, call)
      return {
        tell(message) {
          const text = JSON.stringify(message)
          if (socket === undefined) kept.push(text)
          else if (socket.readyState === socket.OPEN) socket.send(text)
        },
        forget: () => calls.delete(callSid),
      }
    },
    close() {
      for (const socket of sockets.clients) socket.terminate()
      http.close()
    },
  }
}

/** Each text is put together once: the same words are spoken in many scenarios. */
function rememberSpeech(callers) {
  const known = new Map()
  return async (text, msPerCharacter) => {
    const key = `${msPerCharacter} ${text}`
    if (!known.has(key)) known.set(key, await makeSpeech(createAgentVoice(callers, msPerCharacter), text))
    return known.get(key)
  }
}

async function makeSpeech(voice, text) {
  const chunks = []
  for await (const chunk of voice.speak({ text }, new AbortController().signal)) chunks.push(chunk)
  return Buffer.concat(chunks)
}
