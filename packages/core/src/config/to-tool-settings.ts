import type { HttpAuth, HttpToolSettings, ToolFiller, ToolSettings } from '../tools/tool-settings.ts'
import type { PipelineConfig } from './schema/pipeline.ts'

/** The tools of a pipeline file, for `createToolKit`. Holds credentials. */
export function toToolSettings({ tools }: PipelineConfig): ToolSettings {
  return {
    hangUp: tools.hang_up,
    ...(tools.transfer === undefined ? {} : { transfer: tools.transfer }),
    pressKeys: tools.press_keys,
    wait: tools.wait,
    http: tools.http.map(toHttpTool),
    // In the order of the stages.
    codeTimeoutsMs: [...tools.plugins, ...tools.mcp].map((each) => each.timeout_ms),
    codeFillers: [...tools.plugins.map(() => undefined), ...tools.mcp.map(({ filler }) => toFiller(filler))],
  }
}

type FillerConfig = PipelineConfig['tools']['filler']

function toFiller(filler: FillerConfig | undefined): ToolFiller | undefined {
  return filler && { afterMs: filler.after_ms, texts: filler.after_ms === 0 ? [] : filler.texts }
}

type HttpToolConfig = PipelineConfig['tools']['http'][number]

function toHttpTool(tool: HttpToolConfig): HttpToolSettings {
  const { timeout_ms: timeoutMs, max_response_bytes: maxResponseBytes, auth, ...same } = tool
  return { ...same, timeoutMs, maxResponseBytes, ...(auth === undefined ? {} : { auth: toAuth(auth) }) }
}

function toAuth({ bearer, user = '', password = '' }: NonNullable<HttpToolConfig['auth']>): HttpAuth {
  return bearer === undefined ? { type: 'basic', user, password } : { type: 'bearer', token: bearer }
}
