// The recogniser, the model and the voice of the scenarios as plugins of Kav, over the WebSocket of scripted-services.mjs:
// what pipecat/scripted_services.py is for pipecat.

import { Type } from '@sinclair/typebox'
import { WebSocket } from 'ws'
import { definePlugin, MULAW_8K } from '@kav/core'

const CHUNK_BYTES = 1600
const params = Type.Object(
  { url: Type.String({ description: 'Of the scripted services.' }) },
  { additionalProperties: false },
)
/** By call: stt, llm and tts share one. */
const calls = new Map()

const stt = definePlugin({
  kind: 'stt',
  name: 'scripted-stt',
  description: 'Says what it is told',
  params,
  create: ({ url }) => ({
    accepts: [MULAW_8K],
    openSession: async ({ callId }) => openSession(callOf(url, callId)),
    close: async () => undefined,
  }),
})

const llm = definePlugin({
  kind: 'llm',
  name: 'scripted-llm',
  description: 'Answers at once, word by word',
  params,
  create: ({ url }) => ({
    preemptive: true,
    async *reply({ callId }, signal) {
      for (const text of callOf(url, callId).reply.match(/\S+\s*/gu)) {
        if (signal.aborted) return
        yield { type: 'text', text }
      }
      yield { type: 'end', reason: 'stop' }
    },
    close: async () => undefined,
  }),
})

const tts = definePlugin({
  kind: 'tts',
  name: 'scripted-tts',
  description: 'Recorded voice, as fast as it is taken',
  params,
  create: ({ url }) => ({
    produces: [MULAW_8K],
    async *speak({ callId, text }, signal) {
      const speech = await callOf(url, callId).speech(text)
      for (let at = 0; at < speech.length && !signal.aborted; at += CHUNK_BYTES) {
        yield speech.subarray(at, at + CHUNK_BYTES)
      }
    },
    close: async () => undefined,
  }),
})

export default [stt, llm, tts]

function callOf(url, callId) {
  if (!calls.has(callId)) calls.set(callId, dial(url, callId))
  return calls.get(callId)
}

function dial(url, callId) {
  const socket = new WebSocket(`${url}?call=${callId}`, { perMessageDeflate: false })
  const asked = new Map()
  const opened = new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  const call = {
    reply: '',
    onWords: () => undefined,
    async speech(text) {
      await opened
      const id = asked.size + 1
      const answer = new Promise((resolve) => asked.set(id, resolve))
      socket.send(JSON.stringify({ id, speak: text }))
      return answer
    },
    close() {
      calls.delete(callId)
      socket.close()
    },
  }
  socket.on('message', (data) => {
    const { words, reply, id, speech } = JSON.parse(data)
    if (words) call.onWords(words)
    else if (reply !== undefined) call.reply = reply
    else if (id !== undefined) asked.get(id)(Buffer.from(speech, 'base64'))
  })
  return call
}

function openSession(call) {
  const said = []
  let wake = () => undefined
  let over = false
  call.onWords = (words) => {
    said.push(words)
    wake()
  }
  const end = () => {
    over = true
    wake()
  }
  async function* events() {
    for (;;) {
      while (said.length > 0) yield said.shift()
      if (over) return
      await new Promise((resolve) => (wake = resolve))
    }
  }
  return {
    write() {},
    finish: end,
    events: events(),
    async close() {
      end()
      call.close()
    },
  }
}
