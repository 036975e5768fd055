import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import type { Logger } from '@kav/core'
import type { McpParams } from './mcp-params.ts'

/** No message is longer; a server that sends more is given up. */
const MAX_MESSAGE_BYTES = 4_194_304
const MAX_LOGGED_CHARS = 500
const LINE_FEED = 10

/** The way to the server: not open yet. */
export async function createServerTransport(
  params: McpParams,
  baseDir: string,
  log: Logger,
): Promise<Transport> {
  return params.command === undefined
    ? createHttpTransport(params)
    : createStdioTransport(params, params.command, baseDir, log)
}

async function createStdioTransport(
  params: McpParams,
  command: string,
  cwd: string,
  log: Logger,
): Promise<Transport> {
  const { getDefaultEnvironment, StdioClientTransport } =
    await import('@modelcontextprotocol/sdk/client/stdio.js')
  const transport = new StdioClientTransport({
    command,
    args: params.args ?? [],
    env: { ...getDefaultEnvironment(), ...params.env },
    cwd,
    stderr: 'pipe',
    maxBufferSize: MAX_MESSAGE_BYTES,
  })
  // Read whatever comes: a pipe that is full would stop the server.
  transport.stderr?.on('data', (piece: Buffer) =>
    log.debug(
      { private: { stderr: piece.toString().slice(0, MAX_LOGGED_CHARS) } },
      'MCP: the server wrote to its log',
    ),
  )
  return transport
}

async function createHttpTransport({ url = '', headers }: McpParams): Promise<Transport> {
  const { StreamableHTTPClientTransport } = await import('@modelcontextprotocol/sdk/client/streamableHttp.js')
  return new StreamableHTTPClientTransport(new URL(url), {
    requestInit: { headers: headers ?? {} },
    redirectPolicy: 'same-origin',
    fetch: boundedFetch,
  })
}

/** An answer is bounded as a whole; a stream that the server keeps open has no end, and is bounded line by line. */
async function boundedFetch(url: string | URL, init?: RequestInit): Promise<Response> {
  const response = await fetch(url, init)
  if (response.body === null) return response
  const isOpen = init?.method !== 'POST'
  let bytes = 0
  const limit = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      bytes = isOpen && chunk.includes(LINE_FEED) ? 0 : bytes + chunk.byteLength
      if (bytes > MAX_MESSAGE_BYTES) controller.error(new RangeError('the answer is too long'))
      else controller.enqueue(chunk)
    },
  })
  const { status, statusText, headers } = response
  const kept = new Headers([...headers].filter(([name]) => !/^content-(length|encoding)$/.test(name)))
  return new Response(response.body.pipeThrough(limit), { status, statusText, headers: kept })
}
