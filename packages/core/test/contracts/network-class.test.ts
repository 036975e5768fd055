import { once } from 'node:events'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { get } from 'node:http'
import { connect as connectTls } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { asProviderError } from '../../src/contracts/errors.ts'

/** What a loopback port does to whoever comes. */
let cutting: Server
let silent: Server
let cuttingPort: number
let silentPort: number
let closedPort: number

async function open(onSocket: (socket: Socket) => void): Promise<Server> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    onSocket(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port

beforeAll(async () => {
  cutting = await open((socket) => socket.once('data', () => socket.destroy()))
  const sockets: Socket[] = []
  silent = await open((socket) => sockets.push(socket))
  silent.once('close', () => undefined)
  const gone = await open(() => undefined)
  closedPort = portOf(gone)
  gone.close()
  cuttingPort = portOf(cutting)
  silentPort = portOf(silent)
  afterAll(() => {
    for (const socket of sockets) socket.destroy()
    cutting.close()
    silent.close()
  })
})

async function thrownBy(run: () => unknown): Promise<unknown> {
  try {
    await run()
  } catch (thrown) {
    return thrown
  }
  throw new Error('nothing was thrown')
}

const failed = (emitter: NodeJS.EventEmitter): Promise<never> =>
  once(emitter, 'error').then(([error]) => {
    throw error
  })

describe('what Node’s network layer throws', () => {
  it.each([
    ['fetch of a closed port', 'network', () => fetch(`http://127.0.0.1:${closedPort}`)],
    ['fetch of a name that is none', 'network', () => fetch('http://nowhere.invalid')],
    ['fetch of a server that cuts', 'network', () => fetch(`http://127.0.0.1:${cuttingPort}`)],
    ['fetch of a port without TLS', 'network', () => fetch(`https://127.0.0.1:${cuttingPort}`)],
    ['http of a server that cuts', 'network', () => failed(get(`http://127.0.0.1:${cuttingPort}`))],
    ['http of a closed port', 'network', () => failed(get(`http://localhost:${closedPort}`))],
    ['TLS to a server that cuts', 'network', () => failed(connectTls(cuttingPort, '127.0.0.1'))],
    [
      'fetch that takes too long',
      'timeout',
      () => fetch(`http://127.0.0.1:${silentPort}`, { signal: AbortSignal.timeout(1) }),
    ],
    [
      'fetch that is aborted',
      'cancelled',
      () => fetch(`http://127.0.0.1:${silentPort}`, { signal: AbortSignal.abort() }),
    ],
  ])('%s is of class %s', async (_what, expected, run) => {
    const error = asProviderError(await thrownBy(run), 'tts')
    expect(error).toMatchObject({ class: expected, code: `KAV_PROVIDER_${expected.toUpperCase()}` })
  })

  it.each(['CERT_HAS_EXPIRED', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'EAI_AGAIN', 'HPE_INVALID_CONSTANT'])(
    '%s under an error of a client is the network’s',
    (code) => {
      const socket = Object.assign(new Error('x'), { code })
      expect(asProviderError(new Error('Connection error.', { cause: socket }), 'llm').class).toBe('network')
    },
  )

  it.each([
    ['a property of nothing', () => (undefined as unknown as { a: string }).a],
    ['a URL that is none', () => fetch('not a url')],
    ['JSON that is none', () => JSON.parse('{') as unknown],
    ['an error of its own', () => Promise.reject(new Error('odd'))],
    ['a file that is not there', () => import('node:fs/promises').then((fs) => fs.readFile('/not/there'))],
  ])('%s is not the network’s', async (_what, run) => {
    expect(asProviderError(await thrownBy(run), 'tts')).toMatchObject({
      code: 'KAV_PLUGIN_BUG',
      retryable: false,
    })
  })
})
