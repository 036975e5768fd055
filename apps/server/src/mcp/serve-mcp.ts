import { setMaxListeners } from 'node:events'
import { messageOf } from '@kav/core'
import type { InstalledPlugins } from '@kav/core/host'
import type { Server } from '@modelcontextprotocol/sdk/server/index.js'
import type { Environment } from '../environment.ts'
import { createServerLoader, installedPlugins } from '../plugins.ts'
import { visible } from '../privacy/control-characters.ts'
import { withoutSecrets } from '../privacy/secrets.ts'
import type { AgentTool } from './agent-tool.ts'
import { checkTools } from './check-tools.ts'
import { openDocsShelf } from './docs-shelf.ts'
import { createAskOwnProcess } from './own-process.ts'
import { createPluginCheckTool } from './plugin-check-tool.ts'
import { referenceTools } from './reference-tools.ts'
import { createRoomForTools } from './room-for-tools.ts'

/** A longer answer fills the memory of whoever asked. */
const MAX_ANSWER_CHARS = 100_000

const INSTRUCTIONS =
  'Kav runs voice agents on the phone from one YAML file. To write one: `docs` (page configuration), `schema` for the ' +
  'fields and for the params of each plugin, then `validate` until it says ok, and `test` with a conversation test. ' +
  'Keys stand in the file as ${NAME} and never as themselves. Of a plugin, `plugin_check` says what it owes. Nothing here places a call or costs anything.'

/** The server of `kav mcp`, not connected yet. */
export async function createAgentServer(version: string, env: Environment): Promise<Server> {
  const [{ Server: SdkServer }, { CallToolRequestSchema, ListToolsRequestSchema }] = await Promise.all([
    import('@modelcontextprotocol/sdk/server/index.js'),
    import('@modelcontextprotocol/sdk/types.js'),
  ])
  const closed = new AbortController()
  // One listener for each process that runs.
  setMaxListeners(0, closed.signal)
  const room = createRoomForTools()
  const ask = createAskOwnProcess(room, closed.signal)
  const tools = [
    ...referenceTools({ docs: await openDocsShelf(), installed: await loadInstalled(), env, ask }),
    ...checkTools(env, ask),
    createPluginCheckTool(room, closed.signal),
  ]
  const server = new SdkServer(
    { name: 'kav', version },
    { capabilities: { tools: {} }, instructions: INSTRUCTIONS },
  )
  server.setRequestHandler(ListToolsRequestSchema, () => ({
    tools: tools.map(({ name, description, input }) => ({
      name,
      description,
      inputSchema: JSON.parse(JSON.stringify(input)) as { type: 'object' },
      annotations: { readOnlyHint: true, openWorldHint: false },
    })),
  }))
  server.setRequestHandler(CallToolRequestSchema, ({ params }) =>
    answered(room.answer(() => run(tools, params.name, params.arguments))),
  )
  server.onclose = () => closed.abort()
  return server
}

async function run(tools: readonly AgentTool[], name: string, args: unknown = {}): Promise<string> {
  const tool = tools.find((each) => each.name === name)
  if (tool === undefined) throw new Error(`there is no tool "${name}"`)
  return await tool.run(args)
}

async function answered(text: Promise<string>) {
  try {
    return { content: [{ type: 'text' as const, text: shown(await text) }] }
  } catch (thrown) {
    return { content: [{ type: 'text' as const, text: shown(messageOf(thrown)) }], isError: true }
  }
}

function shown(text: string): string {
  const plain = text.split('\n').map(visible).map(withoutSecrets).join('\n')
  if (plain.length <= MAX_ANSWER_CHARS) return plain
  return `${plain.slice(0, MAX_ANSWER_CHARS)}\n[cut: ask for a part of it]`
}

async function loadInstalled(): Promise<readonly InstalledPlugins[]> {
  const loader = createServerLoader()
  const all = await Promise.all(
    installedPlugins().map(async (name) => ({ name, loaded: await loader.loadAll(name, process.cwd()) })),
  )
  return all.flatMap(({ name, loaded }) => (loaded.ok ? [{ name, plugins: loaded.plugins }] : []))
}
