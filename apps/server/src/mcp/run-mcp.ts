import { once } from 'node:events'
import type { Environment } from '../environment.ts'
import { stdoutStream, type WriteStdout } from '../process/kept-stdout.ts'
import { boundedInput } from './bounded-input.ts'
import { createAgentServer } from './serve-mcp.ts'

const SDK = '@modelcontextprotocol/sdk'

/**
 * `kav mcp`: a server of the Model Context Protocol on stdin and stdout, for coding agents, until stdin ends. Exit code 2
 * where the SDK is not installed.
 */
export async function runMcp(version: string, env: Environment, write: WriteStdout): Promise<number> {
  const sdk = await import('@modelcontextprotocol/sdk/server/stdio.js').catch((thrown: unknown) => {
    if ((thrown as { code?: unknown }).code === 'ERR_MODULE_NOT_FOUND') return undefined
    throw thrown
  })
  if (sdk === undefined) {
    process.stderr.write(`kav mcp: ${SDK} is not installed; run: npm install ${SDK}\n`)
    return 2
  }
  const server = await createAgentServer(version, env)
  const left = new AbortController()
  const over = ['SIGTERM', 'SIGINT', 'SIGHUP'].map((name) => once(process, name, left))
  const ended = Promise.race([once(process.stdin, 'end', left), once(process.stdout, 'error', left), ...over])
  const answers = stdoutStream(write)
  await server.connect(new sdk.StdioServerTransport(boundedInput(process.stdin, answers), answers))
  await ended.catch(() => undefined)
  left.abort()
  await server.close()
  return 0
}
