import { readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { WebSocketServer } from 'ws'
import { consoleFolder } from '../../index.js'
import type { Level } from '@kav/client'
import type { SeenEvent } from '../../src/live/live-call-state.ts'
import { outcomesFor } from './figures.ts'
import { searchHistory } from './history.ts'
import type { FakeState } from './states.ts'

export const TOKEN = 'test-token-0123456789'

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
}

/** The admin API as API tests need it: what it answers is `state`, and what it tells is told by the test. */
export interface FakeApi {
  readonly url: string
  /** `POST` and `DELETE` requests, in order: `POST /api/calls/CA1/say {"text":"Hi"}`. */
  readonly commands: readonly string[]
  /** The next command is refused with this. */
  refuseNext(error: { status: number; code: string; message: string; fix: string }): void
  tellEvent(id: string, event: SeenEvent): void
  tellLevel(id: string, level: Level): void
  tellChange(type: 'began' | 'ended', id: string): void
  /** Ends every stream, as a lost line does. */
  cutStreams(): void
  /** Sends one frame of sound to whoever listens. */
  sendSound(side: 0 | 1, byte: number): void
  readonly listeners: number
  close(): Promise<void>
}

type Stream = { readonly path: string; readonly response: ServerResponse }

export async function openFakeApi(state: FakeState): Promise<FakeApi> {
  const commands: string[] = []
  const streams = new Set<Stream>()
  let refusal: { status: number; code: string; message: string; fix: string } | undefined
  const server = createServer((request, response) => void answer(request, response))
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: () => 'kav.v1' })

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://kav')
    if (url.pathname.startsWith('/console/'))
      return sendFile(url.pathname.slice('/console/'.length), response)
    if (request.headers.authorization !== `Bearer ${TOKEN}`)
      return sendJson(response, 401, {
        error: { code: 'wrong-token', message: 'Another token is right.', fix: 'Use kav console.' },
      })
    if (request.method !== 'GET') return takeCommand(request, response, url.pathname)
    if (url.pathname.endsWith('/events')) return openStream(url.pathname, response)
    const body = answerOf(url)
    if (body instanceof Uint8Array) return sendBytes(response, body)
    if (body === undefined) return sendJson(response, 404, notFound(url.pathname))
    sendJson(response, 200, body)
  }

  function answerOf(url: URL): object | undefined {
    const [, first = '', second = '', third = ''] = url.pathname
      .split('/')
      .filter(Boolean)
      .map(decodeURIComponent)
    if (first === 'calls') return second === '' ? { calls: state.live } : state.details.get(second)
    if (first === 'history' && second === '') return searchHistory(state.history, url.searchParams)
    if (first === 'history')
      return third === 'recording' ? state.recordings.get(second) : state.records.get(second)
    if (first === 'figures') return { ...state.figures, outcomes: outcomesFor(url.searchParams) }
    if (first === 'about') return { version: '0.1.0', ready: true }
    if (first === 'pipelines') return second === '' ? state.pipelines : state.pipelineFiles.get(second)
    return undefined
  }

  async function takeCommand(
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
  ): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks).toString()
    commands.push(`${request.method} ${path} ${body}`.trim())
    const { status, ...error } = refusal ?? { status: 200 }
    refusal = undefined
    sendJson(response, status, status === 200 ? { ok: true } : { error })
  }

  function openStream(path: string, response: ServerResponse): void {
    const id = /^\/api\/calls\/([^/]+)\/events$/.exec(path)?.[1]
    const snapshot = id === undefined ? { calls: state.live } : state.details.get(decodeURIComponent(id))
    if (snapshot === undefined) return sendJson(response, 404, notFound(path))
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
    const stream = { path, response }
    streams.add(stream)
    response.on('close', () => streams.delete(stream))
    response.write(': hello\n\n')
    tell(stream, 'snapshot', snapshot)
  }

  function tellAt(path: string, event: string, data: unknown): void {
    for (const stream of streams) if (stream.path === path) tell(stream, event, data)
  }

  server.on('upgrade', (request, socket, head) => {
    const offered = String(request.headers['sec-websocket-protocol'])
    if (!offered.split(/,\s*/).includes(`kav.token.${TOKEN}`)) return void socket.destroy()
    sockets.handleUpgrade(request, socket, head, () => undefined)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/console/`,
    commands,
    refuseNext: (error) => void (refusal = error),
    tellEvent: (id, event) =>
      tellAt(`/api/calls/${id}/events`, event.event === 'call_ended' ? 'ended' : 'event', event),
    tellLevel: (id, level) => tellAt(`/api/calls/${id}/events`, 'level', level),
    tellChange: (type, id) =>
      tellAt('/api/events', 'call', { type, call: state.live.find((call) => call.id === id) }),
    cutStreams: () => [...streams].forEach(({ response }) => response.destroy()),
    sendSound: (side, byte) => {
      for (const socket of sockets.clients)
        socket.send(new Uint8Array([side, ...new Uint8Array(160).fill(byte)]))
    },
    get listeners() {
      return sockets.clients.size
    },
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets.clients) socket.terminate()
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function tell({ response }: Stream, event: string, data: unknown): void {
  response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
}

async function sendFile(name: string, response: ServerResponse): Promise<void> {
  const path = name === '' ? 'index.html' : name
  const bytes = await readFile(join(consoleFolder, path)).catch(() => undefined)
  if (bytes === undefined) return void response.writeHead(404).end()
  response.writeHead(200, {
    'content-type': TYPES[extname(path)] ?? 'text/plain',
    'content-security-policy': POLICY,
  })
  response.end(bytes)
}

function sendBytes(response: ServerResponse, bytes: Uint8Array): void {
  response.writeHead(200, { 'content-type': 'audio/wav', 'content-length': bytes.length })
  response.end(bytes)
}

function sendJson(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body))
}

function notFound(path: string) {
  return { error: { code: 'unknown-path', message: `Nothing is at ${path}.`, fix: 'See /openapi.json.' } }
}
