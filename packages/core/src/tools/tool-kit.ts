import type { AudioFormat } from '../contracts/audio.ts'
import type { Clock } from '../contracts/clock.ts'
import type { Metrics } from '../contracts/metrics.ts'
import { declaredToolName } from '../kit/declared-tool-name.ts'
import type { ToolBox } from './tool-box.ts'
import { BUILT_IN_NAMES, createBuiltInTools } from './built-in-tools.ts'
import { createCodeToolLists } from './code-tool-lists.ts'
import type { CodeToolSource } from './code-tools.ts'
import { createHttpTool } from './http-tool.ts'
import { runTool } from './run-tool.ts'
import type { RunnableTool, ToolCallScope } from './runnable-tool.ts'
import type { ToolFiller, ToolSettings } from './tool-settings.ts'

const DEFAULT_CODE_TIMEOUT_MS = 5000

/** The tools of one pipeline, checked and compiled once for all its calls; those of a plugin again once they changed. */
export interface ToolKit {
  /** Every tool there is now, for listings. */
  tools(): readonly RunnableTool[]
  /** A box for one call. */
  toolBox(call: ToolCall): KitToolBox
}

/** What one call lends its tools. */
export interface ToolCall {
  readonly callId: string
  readonly params: Readonly<Record<string, string>>
  /** The language of the call at this moment. */
  language(): string
  readonly format: AudioFormat
  /** `false`: the transport cannot transfer, and the model is not offered it. */
  readonly canTransfer: boolean
  playTones: ToolCallScope['playTones']
  /** Tools of this call alone. They come first, and a tool of the pipeline with the same name is left out. */
  readonly extra?: readonly RunnableTool[]
}

export interface KitToolBox extends ToolBox {
  /** Tools during which the caller is meant to hear no filler. */
  readonly silentTools: ReadonlySet<string>
  readonly endingTools: ReadonlySet<string>
  readonly fillers: ReadonlyMap<string, ToolFiller>
}

export interface ToolKitParts {
  readonly settings: ToolSettings
  /** Running tool plugins in the order of the file. */
  readonly code: readonly CodeToolSource[]
  readonly clock: Clock
  readonly metrics: Metrics
}

/** The work of `createToolKit`, apart so that the JSON Schema reader is imported only when used. */
export function buildToolKit(parts: ToolKitParts): ToolKit {
  const { settings, clock, metrics } = parts
  const declared = [...createBuiltInTools(settings), ...settings.http.map(createHttpTool)]
  const taken = new Set([...BUILT_IN_NAMES, ...declared.map(({ tool }) => tool.name)])
  const sources = parts.code.map((source, index) => ({
    source,
    use: {
      timeoutMs: settings.codeTimeoutsMs[index] ?? DEFAULT_CODE_TIMEOUT_MS,
      filler: settings.codeFillers?.[index],
    },
  }))
  const codeTools = createCodeToolLists(sources, taken, metrics)

  return {
    tools() {
      return [...declared, ...codeTools()]
    },
    toolBox(call) {
      const tools = [...declared, ...codeTools()]
      const extra = call.extra ?? []
      const replaced = new Set(extra.map(({ tool }) => tool.name))
      const own = tools.filter(({ tool: { name } }) => {
        return !replaced.has(name) && (call.canTransfer || name !== 'transfer')
      })
      const byName = new Map([...extra, ...own].map((tool) => [tool.tool.name, tool]))
      const { callId, params, format, playTones } = call
      return {
        tools: [...byName.values()].map(({ tool }) => tool),
        silentTools: namesOf(byName.values(), ({ silent }) => silent),
        endingTools: namesOf(byName.values(), ({ ends }) => ends === true),
        fillers: new Map(
          [...byName].flatMap(([name, { filler }]) =>
            filler === undefined ? [] : [[name, filler] as const],
          ),
        ),
        run: (asked, signal) => {
          const scope = { callId, params, language: call.language(), format, playTones, clock, signal }
          const name = declaredToolName(asked.name, (each) => byName.has(each)) ?? asked.name
          return runTool(byName.get(name), asked, scope, metrics)
        },
      }
    },
  }
}

function namesOf(tools: Iterable<RunnableTool>, of: (tool: RunnableTool) => boolean): ReadonlySet<string> {
  return new Set([...tools].filter(of).map(({ tool }) => tool.name))
}
