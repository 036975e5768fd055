import { KavError } from '../contracts/errors.ts'
import { safely } from '../contracts/safely.ts'
import type { CodeTool, ToolProvider } from '../contracts/tool.ts'
import { type CompiledArguments, compileArguments } from './argument-check.ts'
import type { RunnableTool } from './runnable-tool.ts'
import { tellResult } from './tell-result.ts'
import type { ToolFiller } from './tool-settings.ts'

const MAX_REASON_CHARS = 1_000
export const TOOL_NAME = /^[A-Za-z_][A-Za-z0-9_-]{0,63}$/

/** A running tool plugin. */
export interface CodeToolSource {
  /** The plugin's short name. */
  readonly name: string
  readonly provider: ToolProvider
}

/** How the pipeline file has the tools of one plugin used. */
export interface CodeToolUse {
  readonly timeoutMs: number
  readonly filler?: ToolFiller | undefined
}

/** A tool of a plugin whose schema is compiled when it is asked for, or first used. */
export interface CodeToolMade {
  readonly tool: RunnableTool
  /** Compiles its schema: some milliseconds. A `KavError` (`KAV_PLUGIN_TOOL`) where it cannot be used. */
  fault(): KavError | undefined
}

/**
 * One tool of a plugin, or a `KavError` (`KAV_PLUGIN_TOOL`) for one that cannot be offered to a model; for a plugin
 * without a list of tools that alone. Compiles nothing.
 */
export function createCodeTools(
  { name: plugin, provider }: CodeToolSource,
  tools: unknown,
  { timeoutMs, filler }: CodeToolUse,
): (CodeToolMade | KavError)[] {
  if (!Array.isArray(tools)) return [unusable(plugin, 'has no list "tools"')]
  return tools.map((listed: unknown): CodeToolMade | KavError => {
    const tool = safely(() => ({ ...(listed as CodeTool) }))
    if (tool === undefined) return unusable(plugin, 'has a tool that cannot be read')
    if (typeof tool.name !== 'string' || !TOOL_NAME.test(tool.name)) {
      const named = typeof tool.name === 'string' ? JSON.stringify(tool.name) : 'is no text and'
      return unusable(plugin, `has a tool whose name ${named} is not like "check_order"`)
    }
    if (typeof tool.description !== 'string' || tool.description.trim() === '') {
      return unusable(plugin, `has a tool "${tool.name}" without a description`)
    }
    const parameters = tool.parameters ?? {}
    const compiled = (): CompiledArguments => compileArguments(parameters)
    return {
      tool: {
        tool: { name: tool.name, description: tool.description, parameters: tool.parameters },
        check(args) {
          const used = compiled()
          return used.ok ? used.check(args) : used
        },
        timeoutMs,
        silent: false,
        filler,
        lasting: tool.lasting === true,
        async run(args, { callId, params, language, signal }) {
          const result = await provider.run(tool.name, args, { callId, params, language, signal })
          return { content: tellResult(result) }
        },
      },
      fault() {
        const used = compiled()
        if (used.ok) return undefined
        return unusable(
          plugin,
          `has a tool "${tool.name}" whose parameters cannot be used: ${used.reason.slice(0, MAX_REASON_CHARS)}`,
        )
      },
    }
  })
}

function unusable(plugin: string, what: string): KavError {
  return new KavError('KAV_PLUGIN_TOOL', `tool plugin "${plugin}" ${what}`, { details: { plugin } })
}
