import { definePlugin, type ParamWarning, type PluginContext, type ToolProvider } from '@kav/core'
import { hidingSecrets } from './hiding.ts'
import { checkServer } from './live-check.ts'
import { type McpParams, mcpParams } from './mcp-params.ts'
import { createServerConnection } from './server-connection.ts'
import type { ServerTool } from './server-tools.ts'
import { readResult } from './tool-result.ts'

/** The tools of one MCP server. */
export const mcpTools = definePlugin({
  kind: 'tool',
  name: 'mcp',
  description: 'Tools of a server of the Model Context Protocol, over HTTP or stdio.',
  params: mcpParams,
  check: checkParams,
  liveCheck: checkServer,
  create: createMcpTools,
})

function checkParams(params: McpParams): readonly ParamWarning[] {
  const { url, command, headers = {}, allow, lasting } = params
  const findings: ParamWarning[] = []
  const error = (path: ParamWarning['path'], message: string): void => {
    findings.push({ severity: 'error', path, message })
  }
  if ((url === undefined) === (command === undefined)) error([], 'either url or command, and not both')
  for (const name of url === undefined ? (['headers'] as const) : (['args', 'env'] as const)) {
    if (params[name] === undefined) continue
    error([name], `${name} goes with ${name === 'headers' ? 'url' : 'command'}`)
  }
  for (const [name, value] of Object.entries(headers)) {
    if (/[^\x20-\x7e]/.test(value)) error(['headers', name], 'a header is one line of ASCII characters')
  }
  lasting.forEach((name, index) => {
    if (!allow.includes(name)) error(['lasting', index], `"${name}" is not in allow`)
  })
  return findings
}

function createMcpTools(params: McpParams, context: PluginContext): ToolProvider {
  const connection = createServerConnection(params, context)
  const clean = hidingSecrets(params)
  let listed: readonly ServerTool[] | undefined
  let tools: ToolProvider['tools'] = []
  const current = (): ToolProvider['tools'] => {
    if (listed !== connection.tools) {
      listed = connection.tools
      tools = listed.map(({ tool }) => tool)
    }
    return tools
  }
  return {
    get tools() {
      return current()
    },
    async run(name, args, { params: call, signal }) {
      // By the name that the model knows; the list may have changed since the call began.
      const tool = connection.tools.find((one) => one.tool.name === name)
      if (tool === undefined) throw new Error('the server has this tool no more')
      return readResult(await connection.call(tool, tool.pinned.fill(args, call), signal), clean)
    },
    warm: () => connection.connect(),
    close: () => connection.close(),
  }
}
