import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach } from 'vitest'
import type { HttpToolSettings } from '../../src/host.ts'
import { httpTool, toolRig } from './tool-rig.ts'

/** One request as the service saw it. */
export interface Seen {
  readonly method: string
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

export type Answering = (seen: Seen, response: ServerResponse) => void

/** An HTTP service of this machine, for the tests of one file. */
interface ServiceRig {
  readonly base: string
  /** Answers what is asked next; `{"ok":true}` at the beginning of each test. */
  handler: Answering
  /** In this test. */
  readonly seen: readonly Seen[]
  /** Resolves when the latest connection ends. */
  readonly hungUp: Promise<void>
  /** Runs a tool that asks it. */
  ask(changes?: Partial<HttpToolSettings>, args?: unknown): ReturnType<ReturnType<typeof toolRig>['run']>
}

export function serviceRig(): ServiceRig {
  const seen: Seen[] = []
  const rig = {
    base: '',
    handler: answersOk,
    seen,
    hungUp: Promise.resolve(),
    async ask(changes: Partial<HttpToolSettings> = {}, args: unknown = {}) {
      const { run } = toolRig({ settings: { http: [httpTool({ url: `${rig.base}/x`, ...changes })] } })
      return run('ask', args)
    },
  }
  const server = createServer(async (request, response) => {
    rig.hungUp = new Promise((resolve) => response.once('close', resolve))
    let body = ''
    for await (const part of request) body += String(part)
    const { method = '', url = '', headers } = request
    const one = { method, url, headers, body }
    seen.push(one)
    rig.handler(one, response)
  })

  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    rig.base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  beforeEach(() => {
    seen.splice(0)
    rig.handler = answersOk
  })
  return rig
}

function answersOk(_seen: Seen, response: ServerResponse): void {
  json(response, { ok: true })
}

export function json(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
}
