import type { Clock } from '../../contracts/clock.ts'
import type { CodeTool, ToolProvider } from '../../contracts/tool.ts'
import { toToolSettings } from '../../config/to-tool-settings.ts'
import type { PipelineConfig } from '../../config/schema/pipeline.ts'
import type { Metrics } from '../../contracts/metrics.ts'
import { SAFE } from '../../tools/http-exchange.ts'
import { buildToolKit, type ToolKit } from '../../tools/tool-kit.ts'
import { ToolFailure } from '../../tools/runnable-tool.ts'
import { pause } from '../fakes/pause.ts'
import type { ConversationScript } from './script-schema.ts'

const PLUGIN_TIMEOUT_MS = 5000

/**
 * The pipeline's tools with every service replaced: an HTTP tool keeps its name, its parameters and its deadline and
 * answers what the script says. A name that the pipeline does not declare stands for a tool of a plugin.
 */
export function createFakeTools(
  script: ConversationScript,
  config: PipelineConfig,
): (on: { clock: Clock; metrics: Metrics }) => ToolKit {
  const answers = script.tool_answers ?? {}
  const settings = toToolSettings(config)
  const declared: readonly { readonly tool: CodeTool; readonly timeoutMs: number }[] = settings.http.map(
    ({ name, description, method, parameters, timeoutMs }) => ({
      tool: { name, description, parameters, lasting: !SAFE.has(method) },
      timeoutMs,
    }),
  )
  const others = Object.keys(answers)
    .filter((name) => !settings.http.some((tool) => tool.name === name))
    .map((name) => ({ tool: pluginTool(name), timeoutMs: PLUGIN_TIMEOUT_MS }))
  const all = [...declared, ...others]

  return (on) =>
    buildToolKit({
      settings: { ...settings, http: [], codeTimeoutsMs: all.map(({ timeoutMs }) => timeoutMs) },
      code: all.map(({ tool }) => ({
        name: tool.name,
        provider: answering(tool, answers[tool.name], on.clock),
      })),
      ...on,
    })
}

function pluginTool(name: string): CodeTool {
  return { name, description: 'A tool of a plugin.', parameters: { type: 'object' } }
}

type Answer = NonNullable<ConversationScript['tool_answers']>[string]

function answering(tool: CodeTool, answer: Answer | undefined, clock: Clock): ToolProvider {
  const how = typeof answer === 'string' ? { text: answer } : answer
  return {
    tools: [tool],
    async run(_name, _args, { signal }) {
      if (how === undefined) throw new ToolFailure(`the script has no tool_answers for ${tool.name}`)
      if (how.after_ms !== undefined) await pause(clock, how.after_ms, signal)
      if (how.fails !== undefined) throw new ToolFailure(how.fails)
      return how.text ?? ''
    },
    async close() {},
  }
}
