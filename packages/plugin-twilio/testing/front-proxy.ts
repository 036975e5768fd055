import { createServer, request as ask, type IncomingMessage, type ServerResponse } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import type { Duplex } from 'node:stream'

/** What stands between the carrier and the service, and how it may be set up wrongly. */
export interface FrontProxy {
  /** `http://127.0.0.1:port` */
  readonly origin: string
  /** Where requests are passed on to. */
  target: string
  /** Taken off the path; requests without it are passed on as they are. */
  prefix: string
  /** Answers by itself instead of passing a request on. */
  answer: ((request: IncomingMessage, response: ServerResponse) => boolean) | undefined
  /** Upgrades become plain requests, as with a proxy that was not told of them. */
  takesUpgradesOff: boolean
  close(): Promise<void>
}

export async function openFrontProxy(): Promise<FrontProxy> {
  const pathOf = (request: IncomingMessage): string => {
    const path = request.url ?? '/'
    return path.startsWith(proxy.prefix) ? path.slice(proxy.prefix.length) : path
  }
  const pass = (request: IncomingMessage, response: ServerResponse): void => {
    const headers = { ...request.headers }
    delete headers.upgrade
    const onward = ask(proxy.target + pathOf(request), { method: request.method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers)
      answer.pipe(response)
    })
    onward.on('error', () => response.writeHead(502).end('bad gateway'))
    request.pipe(onward)
  }
  const server = createServer((request, response) => {
    if (proxy.answer?.(request, response) !== true) pass(request, response)
  })
  const upgrade = (request: IncomingMessage, socket: Duplex): void => {
    if (proxy.takesUpgradesOff) {
      ask(proxy.target + pathOf(request), { method: 'GET' }, (answer) => {
        answer.resume()
        socket.end(`HTTP/1.1 ${answer.statusCode} x\r\nContent-Length: 0\r\n\r\n`)
      }).end()
      return
    }
    const { hostname, port } = new URL(proxy.target)
    const onward = connect(Number(port), hostname)
    const headers = request.rawHeaders.flatMap((text, index, all) =>
      index % 2 === 0 ? [`${text}: ${all[index + 1]}`] : [],
    )
    onward.write(`GET ${pathOf(request)} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n`)
    socket.pipe(onward).pipe(socket)
    for (const end of [socket, onward]) end.on('error', () => undefined)
  }
  server.on('upgrade', upgrade)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const proxy: FrontProxy = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    target: '',
    prefix: '',
    answer: undefined,
    takesUpgradesOff: false,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return proxy
}
