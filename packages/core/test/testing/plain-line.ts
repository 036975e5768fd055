import { request } from 'node:http'
import type { Duplex } from 'node:stream'
import {
  type CallPlace,
  MULAW_8K,
  type OutboundCall,
  ProviderError,
  type TransportCallHandlers,
  type TransportHost,
  type TransportProvider,
  type UnreachedCall,
} from '../../src/index.ts'
import type { FarEnd } from '../../src/testing/index.ts'

/**
 * The smallest transport with a real network in it: lines of JSON over an upgraded socket. It keeps the whole
 * contract, for the suite to pass on and for faults to be put into.
 */
interface Message {
  readonly audio?: string
  readonly digit?: string
  readonly mark?: string
  readonly clear?: true
  readonly bye?: true
}

const write = (socket: Duplex, message: Message) => socket.write(`${JSON.stringify(message)}\n`)

function onMessages(socket: Duplex, head: Buffer, handle: (message: Message) => void): void {
  let rest = ''
  const read = (chunk: Buffer) => {
    const lines = (rest + chunk.toString('latin1')).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) handle(JSON.parse(line) as Message)
  }
  socket.on('data', read)
  socket.on('error', () => {})
  if (head.byteLength > 0) read(head)
}

/** What the network is asked for beside the line itself: it puts callers through, and calls people. */
export interface PlainNetwork {
  putThroughTo: string | undefined
  placed: { readonly id: string; readonly order: OutboundCall } | undefined
}

/** What a line has to show to be let in. */
const PROOF = 'plain-proof'

export function createPlainLine(network?: PlainNetwork): TransportProvider {
  const open = new Set<() => Promise<void>>()
  let calls = 0
  let orders = 0

  function take(
    host: TransportHost,
    place: CallPlace,
    { id, values }: { readonly id: string; readonly values: object },
    [socket, head]: readonly [Duplex, Buffer],
  ): void {
    let handlers: TransportCallHandlers | undefined
    const held: ((to: TransportCallHandlers) => void)[] = []
    let over = false
    const deliver = (event: (to: TransportCallHandlers) => void) =>
      handlers ? event(handlers) : held.push(event)

    const end = (reason: 'caller' | 'agent' | 'transferred' | 'transport-error' | 'shutdown') => {
      if (over) return
      over = true
      open.delete(shutDown)
      deliver((to) => to.onHangUp(reason))
    }
    const gone = new Promise<void>((resolve) => socket.once('close', () => resolve()))
    const leave = async (reason: 'agent' | 'transferred' | 'shutdown') => {
      end(reason)
      socket.end(`${JSON.stringify({ bye: true })}\n`)
      socket.resume()
      await gone
    }
    const shutDown = () => leave('shutdown')
    open.add(shutDown)

    socket.once('close', () => end('transport-error'))
    socket.once('end', () => socket.end())
    onMessages(socket, head, (message) => {
      if (over) return
      if (message.audio !== undefined) deliver((to) => to.onMedia(Buffer.from(message.audio!, 'base64')))
      if (message.digit !== undefined) deliver((to) => to.onDtmf(message.digit!))
      if (message.mark !== undefined) deliver((to) => to.onMark(message.mark!))
      if (message.bye === true) end('caller')
    })
    const tell = (message: Message) => {
      if (!over) write(socket, message)
    }
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: plain-line\r\n\r\n')
    host.onCall(
      {
        id,
        format: MULAW_8K,
        params: { from: '+15550100', ...values },
        open(to) {
          handlers = to
          for (const event of held.splice(0)) event(to)
        },
        send: (frame) => tell({ audio: Buffer.from(frame).toString('base64') }),
        mark: (mark) => tell({ mark }),
        clear: () => tell({ clear: true }),
        get bufferedBytes() {
          return socket.writableLength
        },
        hangUp: () => leave('agent'),
        ...(network && {
          transfer(to: string) {
            network.putThroughTo = to
            return leave('transferred')
          },
        }),
      },
      place,
    )
  }

  return {
    attach(host) {
      host.upgrade('/line', async ({ headers }, socket, head) => {
        if (network !== undefined && headers['x-proof'] !== PROOF) {
          host.onUnproven({ id: 'unknown' })
          return void socket.end('HTTP/1.1 403 Forbidden\r\n\r\n')
        }
        const {
          id = `line-${++calls}`,
          pipeline,
          values = {},
        } = JSON.parse(String(headers['x-call'] ?? '{}')) as Offer
        const place = await host.admit({ id, pipeline }, 0)
        if (!('refused' in place)) take(host, place, { id, values }, [socket, head])
        else socket.end('HTTP/1.1 503 Service Unavailable\r\n\r\n')
      })
      if (network === undefined) return
      host.route('POST', '/rang-out', ({ body }) => {
        host.onPlacedOver({ ...(JSON.parse(body.toString()) as UnreachedCall), reason: 'no-answer' })
        return Promise.resolve({ status: 204 })
      })
    },
    ...(network && {
      place(order: OutboundCall) {
        if (order.to === '') return Promise.reject(new ProviderError('bad-request', 'a call to nobody'))
        const id = `placed-${++orders}`
        network.placed = { id, order }
        return Promise.resolve({ id })
      },
    }),
    async close() {
      await Promise.all([...open].map((shutDown) => shutDown()))
    },
  }
}

/** How many times faster than a phone the far end plays, so that marks return soon. */
const PLAYS_TIMES = 20

interface Offer {
  readonly id?: string
  readonly pipeline?: string
  readonly values?: Readonly<Record<string, string>>
}

export const dialPlainLine = (url: string, _provider?: TransportProvider, values: Offer['values'] = {}) =>
  openLine(url, { values })

/** What a suite is told of a network that does all that one may do. */
export function plainNetworkOptions(network: PlainNetwork) {
  return {
    dial: dialPlainLine,
    carriesValues: true,
    putThroughTo: () => network.putThroughTo,
    dialUnproven: (url: string) => openLine(url, {}, 'made-up'),
    ringOut(url: string) {
      const { id, order } = network.placed!
      const body = JSON.stringify({ id, pipeline: order.pipeline })
      return fetch(`${url}/rang-out`, { method: 'POST', body, headers: { connection: 'close' } })
    },
    pickUp(url: string) {
      const { id, order } = network.placed!
      return openLine(url, { id, pipeline: order.pipeline, values: order.values })
    },
  }
}

async function openLine(url: string, offer: Offer, proof = PROOF): Promise<FarEnd> {
  const { socket, head } = await new Promise<{ socket: Duplex; head: Buffer }>((resolve, reject) => {
    const upgrade = request(`${url}/line`, {
      headers: {
        connection: 'Upgrade',
        upgrade: 'plain-line',
        'x-proof': proof,
        'x-call': JSON.stringify(offer),
      },
    })
    upgrade.on('upgrade', (_response, socket, head) => resolve({ socket, head }))
    upgrade.on('response', (response) => {
      response.resume()
      reject(new Error(`refused: ${response.statusCode}`))
    })
    upgrade.on('error', reject)
    upgrade.end()
  })
  const heard: Buffer[] = []
  const pending = new Map<string, NodeJS.Timeout>()
  let playoutEndMs = 0
  /** All up to this one: timers of a busy machine may come in another order. */
  const giveBackTo = (last: string | undefined) => {
    for (const [mark, timer] of [...pending]) {
      clearTimeout(timer)
      pending.delete(mark)
      if (socket.writable) write(socket, { mark })
      if (mark === last) return
    }
  }
  onMessages(socket, head, (message) => {
    if (message.audio !== undefined) {
      const audio = Buffer.from(message.audio, 'base64')
      heard.push(audio)
      playoutEndMs = Math.max(performance.now(), playoutEndMs) + audio.byteLength / 8 / PLAYS_TIMES
    }
    if (message.mark !== undefined) {
      const { mark } = message
      pending.set(
        mark,
        setTimeout(() => giveBackTo(mark), playoutEndMs - performance.now()),
      )
    }
    if (message.clear === true) {
      playoutEndMs = 0
      giveBackTo(undefined)
    }
    if (message.bye === true) socket.end()
  })
  const ended = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  void ended.then(() => pending.forEach((timer) => clearTimeout(timer)))
  socket.once('end', () => socket.end())
  return {
    say: (audio) => void write(socket, { audio: Buffer.from(audio).toString('base64') }),
    press: (digit) => void write(socket, { digit }),
    heard: () => Buffer.concat(heard),
    hangUp: () => void socket.end(`${JSON.stringify({ bye: true })}\n`),
    drop: () => void socket.destroy(),
    ended,
  }
}
