// Providers of which every few calls, requests and utterances one fails, hangs for a while or dies: always the same ones.

import { MULAW_8K } from '@kav/core'
import { wait } from './lib/wait.mjs'

const params = { type: 'object', properties: {}, additionalProperties: false }
const BYTES_A_PARTIAL = 2400
const HANGS_MS = 300

/** Counts; tells whether it is the `at`-th of every `every`. */
function createTurns() {
  let turn = -1
  return { next: () => void turn++, is: (every, at) => turn % every === at }
}

const stt = {
  kind: 'stt',
  name: 'failing-stt',
  description: 'Hears words in any sound',
  params,
  create(_params, { clock }) {
    const turns = createTurns()
    return {
      accepts: [MULAW_8K],
      async openSession({ signal }) {
        turns.next()
        const diesAfterBytes = turns.is(13, 5) ? 4000 : Infinity
        if (turns.is(23, 7)) throw new Error('no session')
        if (turns.is(11, 3)) await wait(clock, HANGS_MS, signal)
        return openSession(diesAfterBytes)
      },
      close: async () => undefined,
    }
  },
}

function openSession(diesAfterBytes) {
  const due = []
  let bytes = 0
  let isOver = false
  let isDead = false
  let wake = () => undefined
  async function* events() {
    for (;;) {
      while (due.length > 0) yield due.shift()
      if (isDead) throw new Error('died')
      if (isOver) return
      await new Promise((resolve) => (wake = resolve))
    }
  }
  const finish = () => {
    isOver = true
    wake()
  }
  return {
    write(audio) {
      const before = Math.floor(bytes / BYTES_A_PARTIAL)
      bytes += audio.length
      const now = Math.floor(bytes / BYTES_A_PARTIAL)
      if (now > before) due.push(wordsOf(now, bytes))
      isDead ||= bytes >= diesAfterBytes
      wake()
    },
    finish,
    events: events(),
    close: async () => finish(),
  }
}

const wordsOf = (count, bytes) =>
  count % 2 === 1
    ? { type: 'partial', text: 'my card number is' }
    : { type: 'final', text: `my card number is 4111 1111 1111 1111, please ${count}`, endMs: bytes / 8 }

const llm = {
  kind: 'llm',
  name: 'failing-llm',
  description: 'Answers, asks a tool, or fails',
  params,
  create(_params, { clock }) {
    const turns = createTurns()
    let answers = 0
    return {
      async *reply(_request, signal) {
        turns.next()
        if (turns.is(9, 4)) throw new Error('down')
        if (turns.is(7, 2)) await wait(clock, HANGS_MS, signal)
        if (turns.is(5, 1)) {
          yield { type: 'tool_call', id: `call_${answers++}`, name: 'look', arguments: '{"id":"7"}' }
          return yield { type: 'end', reason: 'tool_calls' }
        }
        // As many different ones as a cache of voices may keep, and more.
        yield { type: 'text', text: `Well, this is answer ${answers++ % 500} of mine. ` }
        await wait(clock, 20, signal)
        yield { type: 'text', text: 'And there is more to be said, if you like.' }
        yield { type: 'end', reason: 'stop' }
      },
      close: async () => undefined,
    }
  },
}

const tts = {
  kind: 'tts',
  name: 'failing-tts',
  description: 'Speaks every clause for 800 ms, or fails',
  params,
  create(_params, { clock }) {
    const turns = createTurns()
    const chunk = Buffer.alloc(800, 0x31)
    return {
      produces: [MULAW_8K],
      async *speak(_text, signal) {
        turns.next()
        if (turns.is(17, 6)) throw new Error('down')
        const isSlow = turns.is(3, 0)
        for (let count = 0; count < 8 && !signal.aborted; count++) {
          yield chunk
          if (isSlow) await wait(clock, 10, signal)
        }
      },
      close: async () => undefined,
    }
  },
}

export default [stt, llm, tts]
