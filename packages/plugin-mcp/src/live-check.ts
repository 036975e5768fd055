import { type LiveFinding, messageOf, type PluginContext } from '@kav/core'
import { didYouMean, finding, LIVE_CHECK_MS } from '@kav/core/kit'
import { hiding } from './hiding.ts'
import type { McpParams } from './mcp-params.ts'
import { openClient } from './open-client.ts'
import { declaredArgument } from './own-arguments.ts'
import { serverName } from './server-name.ts'
import { listTools, refusalOf, type ServerList } from './server-tools.ts'

const MAX_NAMES = 20

/** Connects and reads the list of tools; calls none of them. */
export async function checkServer(
  params: McpParams,
  context: PluginContext,
): Promise<readonly LiveFinding[]> {
  const server = serverName(params)
  const limit = AbortSignal.timeout(LIVE_CHECK_MS)
  const ignore = { onLost: () => undefined, onToolsChanged: () => undefined }
  try {
    const client = await openClient(params, context, ignore, limit)
    try {
      return judge(server, params, await listTools(client, params.allow, limit))
    } finally {
      await client.close()
    }
  } catch (thrown) {
    const why = hiding(params)(messageOf(thrown))
    return [
      finding.error(`${server} cannot be used: ${why}`, 'Check url and headers, or command, args and env.'),
    ]
  }
}

function judge(
  server: string,
  { allow, pin }: McpParams,
  { names, wanted: used }: ServerList,
): readonly LiveFinding[] {
  const missing = allow.filter((name) => !names.includes(name))
  const idle = Object.keys(pin).filter(
    (name) => !used.some(({ inputSchema }) => declaredArgument(inputSchema, name)),
  )
  const findings = [
    ...missing.map((name) => {
      const meant = didYouMean(name, names)
      const fix =
        meant === undefined
          ? `It has: ${names.slice(0, MAX_NAMES).join(', ')}.`
          : `Write "${meant}" in allow.`
      return finding.error(`${server} has no tool "${name}"`, fix)
    }),
    ...used.flatMap((tool) => {
      const why = refusalOf(tool)
      if (why === undefined) return []
      return [finding.error(`"${tool.name}" of ${server} is not offered: ${why}`, `Remove it from allow.`)]
    }),
    ...idle.map((name) =>
      finding.warning(`no tool of allow has an argument "${name}"`, `Correct or remove pin.${name}.`),
    ),
  ]
  return findings.length > 0 ? findings : [finding.ok(`${server} has the ${allow.length} tool(s) of allow`)]
}
