import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface ReceivedHook {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly text: string
  // What it is depends on the hook; a test knows.

  readonly body: any
}

/** A service that hooks are sent to. What it answers is the test's; 200 and nothing where it says none. */
export interface HookReceiver {
  readonly url: string
  readonly received: readonly ReceivedHook[]
  of(path: string): readonly ReceivedHook[]
  answer: (hook: ReceivedHook, response: ServerResponse) => void
  /** New connections since the beginning. */
  readonly connections: number
  close(): Promise<void>
}

export async function openHookReceiver(port = 0): Promise<HookReceiver> {
  const received: ReceivedHook[] = []
  let connections = 0
  const server = createServer((request, response) => void take(request, response))
  server.on('connection', () => connections++)
  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = ''
    for await (const chunk of request) text += String(chunk)
    const hook = {
      path: request.url ?? '',
      headers: request.headers,
      text,
      body: JSON.parse(text) as unknown,
    }
    received.push(hook)
    receiver.answer(hook, response)
  }
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const receiver: HookReceiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    of: (path) => received.filter((hook) => hook.path === path),
    answer: (_hook, response) => void response.end(),
    get connections() {
      return connections
    },
    close() {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
  return receiver
}

export function json(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
}
