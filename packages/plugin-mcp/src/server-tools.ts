import type { Client } from '@modelcontextprotocol/sdk/client/index.js'
import type { ListToolsResult } from '@modelcontextprotocol/sdk/types.js'
import type { CodeTool } from '@kav/core'
import { schemaBeyondBounds, underSignals } from '@kav/core/kit'
import type { McpParams } from './mcp-params.ts'
import { pinArguments, type Pinned } from './pinned.ts'
import { type DroppedPattern, plainSchema } from './tool-schema.ts'

/** One tool of the server that the model may use. */
export interface ServerTool {
  /** As the model sees it. */
  readonly tool: CodeTool
  /** As the server calls it. */
  readonly name: string
  readonly pinned: Pinned
  /** Of its schema: the server alone checks them. */
  readonly dropped: readonly DroppedPattern[]
}

/** A tool as the server describes it. */
type SentTool = ListToolsResult['tools'][number]

/** A list that has more pages does not end. */
const MAX_PAGES = 50
/** A server for which a model has a use has some dozens. */
const MAX_TOOLS = 2_000
const MAX_DESCRIPTION_CHARS = 1000
const MAX_NAME_CHARS = 200
/** Of the models of today's providers. */
const MAX_MODEL_NAME_CHARS = 64
const LIST_TIMEOUT_MS = 10_000

/** What the server has: the names of all its tools, and of those of `allow` what it says of them. */
export interface ServerList {
  readonly names: readonly string[]
  readonly wanted: readonly SentTool[]
}

/**
 * The tools of the server, as it describes them now. Holds no more of them than is wanted: what others have written
 * about themselves may be of any size. Rejects where the list has no end, in pages or in time.
 */
export async function listTools(
  client: Client,
  allow: readonly string[],
  signal: AbortSignal,
): Promise<ServerList> {
  return underSignals([signal, AbortSignal.timeout(LIST_TIMEOUT_MS)], (inTime) =>
    listed(client, allow, inTime),
  )
}

async function listed(client: Client, allow: readonly string[], inTime: AbortSignal): Promise<ServerList> {
  const { ListToolsResultSchema } = await import('@modelcontextprotocol/sdk/types.js')
  const names: string[] = []
  const wanted: SentTool[] = []
  let cursor: string | undefined
  for (let page = 0; page < MAX_PAGES; page++) {
    // Not by `client.listTools`: it compiles what the server says of its results, with patterns that may take any time.
    const list = await client.request(
      { method: 'tools/list', params: cursor === undefined ? {} : { cursor } },
      ListToolsResultSchema,
      { signal: inTime, timeout: LIST_TIMEOUT_MS },
    )
    names.push(...list.tools.map(({ name }) => name.slice(0, MAX_NAME_CHARS)))
    wanted.push(...list.tools.filter(({ name }) => allow.includes(name)))
    if (names.length > MAX_TOOLS) throw new RangeError(`its list has more than ${MAX_TOOLS} tools`)
    cursor = list.nextCursor
    if (cursor === undefined) return { names, wanted }
  }
  throw new RangeError(`its list of tools has more than ${MAX_PAGES} pages`)
}

/** A tool of `allow` that cannot be offered, and why. */
export interface RefusedTool {
  readonly tool: string
  readonly why: string
}

/** Those of `allow`, in its order. */
export function allowedTools(
  listed: readonly SentTool[],
  params: McpParams,
): { readonly tools: readonly ServerTool[]; readonly refused: readonly RefusedTool[] } {
  const tools: ServerTool[] = []
  const refused: RefusedTool[] = []
  const taken = new Set<string>()
  for (const name of new Set(params.allow)) {
    const sent = listed.find((one) => one.name === name)
    if (sent === undefined) continue
    const why = refusalOf(sent)
    if (why !== undefined) {
      refused.push({ tool: name, why })
      continue
    }
    const own = ownName(modelName(name), taken)
    taken.add(own)
    tools.push(serverTool(sent, own, params))
  }
  return { tools, refused }
}

/** Why a tool of the server is not offered; `undefined`: it is. */
export function refusalOf({ inputSchema }: SentTool): string | undefined {
  const why = schemaBeyondBounds(inputSchema)
  return why === undefined ? undefined : `its schema cannot be used: ${why}`
}

function serverTool(sent: SentTool, own: string, { pin, lasting }: McpParams): ServerTool {
  const { schema: plain, dropped } = plainSchema(sent.inputSchema)
  const schema = { properties: {}, ...plain, type: 'object' }
  const pinned = pinArguments(schema, pin)
  const description = sent.description?.trim() || sent.title?.trim() || sent.name
  return {
    tool: {
      name: own,
      description: description.slice(0, MAX_DESCRIPTION_CHARS),
      parameters: pinned.schema,
      lasting: lasting.includes(sent.name),
    },
    name: sent.name,
    pinned,
    dropped,
  }
}

/** Models take fewer characters than servers do (`orders.find`). */
function modelName(name: string): string {
  return name
    .replace(/^(?![A-Za-z_])/, '_')
    .replace(/[^A-Za-z0-9_-]/g, '_')
    .slice(0, MAX_MODEL_NAME_CHARS)
}

/** `orders.find` and `orders_find` are one name for a model: the second is numbered. */
function ownName(name: string, taken: ReadonlySet<string>): string {
  let own = name
  for (let number = 2; taken.has(own); number++) own = `${name.slice(0, MAX_MODEL_NAME_CHARS - 4)}_${number}`
  return own
}
