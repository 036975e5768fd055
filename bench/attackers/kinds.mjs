// What strangers send: each is asked again and again, `everyMs` apart, and says how many inputs one time was.

import { createHash } from 'node:crypto'
import { URLSearchParams } from 'node:url'
import { twilioSignature } from '../../packages/phone/dist/index.js'
import { dial, FORM, frame, openSocket, request, send, UNSIGNED } from './connections.mjs'

const many = (count, make) => Array.from({ length: count }, (_, index) => make(index))
/** The same on every run. */
const noise = (seed, bytes) =>
  Buffer.concat(
    many(Math.ceil(bytes / 32), (index) => createHash('sha256').update(`${seed} ${index}`).digest()),
  )

const FIELDS = many(65_000, (index) =>
  createHash('md5').update(String(index)).digest('base64').slice(0, 3),
).join('&')
const ESCAPES = `a=${'%7E%20'.repeat(43_000)}`
const QUERY = many(3000, (index) => `a${index}`)
  .join('&')
  .slice(0, 15_000)
const DEEP = `${'['.repeat(200_000)}`

export const ATTACKS = [
  {
    name: 'webhooks without a signature, 65,000 fields, 260 KB',
    everyMs: 100,
    once: (port) => send(port, request('POST', '/twilio/voice?a=%7E%20x&b', UNSIGNED, FIELDS)),
  },
  {
    name: 'webhooks without a signature, escapes throughout, 260 KB',
    everyMs: 100,
    once: (port) => send(port, request('POST', `/twilio/voice?${'%7E'.repeat(4000)}`, UNSIGNED, ESCAPES)),
  },
  {
    name: 'upgrades with a query of 15 KB, and of unknown paths',
    everyMs: 50,
    inputs: 2,
    async once(port) {
      const upgrade = { connection: 'Upgrade', upgrade: 'websocket', 'x-twilio-signature': 'AAAA' }
      for (const path of [`/twilio/media?${QUERY}`, `/nobody/${QUERY}`])
        await send(port, request('GET', path, upgrade), 100)
    },
  },
  {
    name: 'requests in one connection without waiting, 500 at a time',
    everyMs: 250,
    inputs: 500,
    once: (port) =>
      send(
        port,
        many(500, () =>
          request('POST', '/twilio/voice', { ...UNSIGNED, connection: 'keep-alive' }, 'a=b'),
        ).join(''),
      ),
  },
  {
    name: 'unknown paths, and figures asked for',
    everyMs: 20,
    inputs: 2,
    async once(port) {
      await Promise.all([
        send(port, request('GET', `/wp-admin/${QUERY.slice(0, 100)}`)),
        send(port, request('GET', '/metrics')),
      ])
    },
  },
  {
    name: 'bytes that are no HTTP',
    everyMs: 50,
    once: (port, round) => send(port, noise(round, 20_000), 200),
  },
  {
    name: 'heads and bodies that stop half-way, 20 a second',
    everyMs: 100,
    inputs: 2,
    async once(port) {
      const sockets = [dial(port), dial(port)]
      sockets[0].write('POST /twilio/voice HTTP/1.1\r\nhost: a\r\nx-')
      sockets[1].write(
        request('POST', '/twilio/voice', FORM).replace('content-length: 0', 'content-length: 9000'),
      )
      setTimeout(() => sockets.forEach((socket) => socket.destroy()), 5000)
    },
  },
  {
    name: 'sockets that never start a call: pings, pongs, tiny frames',
    everyMs: 250,
    inputs: 15_000,
    once: flood([frame(9, 'p'), frame(10, 'p'), frame(1, '{}')], 5000),
  },
  {
    name: 'sockets that never start a call: messages of 60 KB, deep JSON',
    everyMs: 250,
    inputs: 40,
    once: flood(
      [
        frame(1, `{"event":"media","media":{"payload":"${'A'.repeat(60_000)}"}}`),
        frame(1, DEEP.slice(0, 60_000)),
      ],
      20,
    ),
  },
  {
    name: 'a captured webhook, sent again',
    everyMs: 20,
    async once(port) {
      const form = { CallSid: 'CA0123456789abcdef0123456789abcdef', From: '+15550001', To: '+15550002' }
      const signature = twilioSignature(
        process.env.BENCH_AUTH_TOKEN,
        'https://voice.example.com/twilio/voice',
        form,
      )
      const body = new URLSearchParams(form).toString()
      await send(port, request('POST', '/twilio/voice', { ...FORM, 'x-twilio-signature': signature }, body))
    },
  },
]

/** Frames of every kind, over a socket of Twilio's own signature: as far as anybody gets without a call's token. */
function flood(frames, times) {
  return async (port) => {
    const signature = twilioSignature(process.env.BENCH_AUTH_TOKEN, 'wss://voice.example.com/twilio/media')
    const socket = openSocket(port, { signature })
    const gone = new Promise((resolve) => socket.on('close', resolve))
    setTimeout(() => socket.destroy(), 1000)
    await new Promise((resolve) => setTimeout(resolve, 50))
    socket.write(Buffer.concat(many(times, () => frames).flat()))
    await gone
  }
}
