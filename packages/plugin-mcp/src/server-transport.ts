import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import type { Logger } from '@kav/core'
import type { McpParams } from './mcp-params.ts'
import { MAX_MESSAGE_BYTES, oversizedAnswer } from './oversized-answer.ts'
import { createProgramTransport } from './stdio-transport.ts'

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
  const { getDefaultEnvironment } = await import('@modelcontextprotocol/sdk/client/stdio.js')
  return createProgramTransport({
    command,
    args: params.args ?? [],
    env: { ...getDefaultEnvironment(), ...params.env },
    cwd,
    onStderr: (piece) =>
      log.debug(
        { private: { stderr: piece.toString().slice(0, MAX_LOGGED_CHARS) } },
        'MCP: the server wrote to its log',
      ),
  })
}

async function createHttpTransport({ url = '', headers }: McpParams): Promise<Transport> {
  const { StreamableHTTPClientTransport } = await import('@modelcontextprotocol/sdk/client/streamableHttp.js')
  return new StreamableHTTPClientTransport(new URL(url), {
    requestInit: { headers: headers ?? {} },
    redirectPolicy: 'same-origin',
    fetch: boundedFetch,
  })
}

/**
 * An answer is bounded as a whole; a stream that the server keeps open has no end, and is bounded line by line. In a
 * stream of events an answer that is too long is replaced: the call that waits for it would otherwise wait on.
 */
async function boundedFetch(url: string | URL, init?: RequestInit): Promise<Response> {
  const response = await fetch(url, init)
  if (response.body === null) return response
  const { status, statusText, headers } = response
  const isOpen = init?.method !== 'POST'
  const asked =
    isOpen || !headers.get('content-type')?.startsWith('text/event-stream') ? undefined : idOf(init.body)
  let bytes = 0
  const limit = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      bytes = isOpen && chunk.includes(LINE_FEED) ? 0 : bytes + chunk.byteLength
      if (bytes <= MAX_MESSAGE_BYTES) return controller.enqueue(chunk)
      if (asked === undefined) return controller.error(new RangeError('the answer is too long'))
      controller.enqueue(Buffer.from(`\n\ndata: ${JSON.stringify(oversizedAnswer(asked))}\n\n`))
      controller.terminate()
    },
  })
  const kept = new Headers([...headers].filter(([name]) => !/^content-(length|encoding)$/.test(name)))
  return new Response(response.body.pipeThrough(limit), { status, statusText, headers: kept })
}

/** Of the message that was posted. */
function idOf(body: unknown): number | undefined {
  const { id } = JSON.parse(String(body)) as { readonly id?: unknown }
  return typeof id === 'number' ? id : undefined
}
