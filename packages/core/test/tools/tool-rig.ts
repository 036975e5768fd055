import { MULAW_8K, type Clock, type LlmToolCall } from '../../src/index.ts'
import { createRealClock, createTestMetrics } from '../../src/testing/index.ts'
import { buildToolKit, type ToolCall, type ToolKitParts } from '../../src/tools/tool-kit.ts'
import type { HttpToolSettings, ToolSettings } from '../../src/tools/tool-settings.ts'

export const NO_TOOLS: ToolSettings = {
  hangUp: true,
  pressKeys: false,
  wait: false,
  http: [],
  codeTimeoutsMs: [],
}

/** An HTTP tool with the defaults of the pipeline file. */
export function httpTool(changes: Partial<HttpToolSettings>): HttpToolSettings {
  return {
    name: 'ask',
    description: 'Asks.',
    method: 'GET',
    url: 'http://127.0.0.1/',
    headers: {},
    parameters: { type: 'object', properties: {}, additionalProperties: false },
    pick: [],
    timeoutMs: 5000,
    maxResponseBytes: 16_384,
    ...changes,
  }
}

export interface ToolRigOptions {
  readonly settings?: Partial<ToolSettings>
  readonly code?: ToolKitParts['code']
  readonly clock?: Clock
  readonly call?: Partial<ToolCall>
}

/** The tools of one call, with what was played and counted. */
export function toolRig({ settings, code = [], clock = createRealClock(), call }: ToolRigOptions = {}) {
  const metrics = createTestMetrics()
  const played: (readonly Uint8Array[])[] = []
  const kit = buildToolKit({ settings: { ...NO_TOOLS, ...settings }, code, clock, metrics })
  const newBox = () =>
    kit.toolBox({
      callId: 'CA1',
      params: { from: '+15551230000' },
      language: () => 'en-US',
      format: MULAW_8K,
      canTransfer: true,
      playTones: async (frames) => {
        played.push(frames)
        return { outcome: 'played', playedMs: frames.length * 20 }
      },
      ...call,
    })
  const box = newBox()
  const toolCall = (name: string, args: unknown): LlmToolCall => ({
    id: 'call-1',
    name,
    arguments: typeof args === 'string' ? args : JSON.stringify(args),
  })
  return {
    kit,
    box,
    /** Of the next call. */
    newBox,
    metrics,
    played,
    run: (name: string, args: unknown = {}, signal = new AbortController().signal) =>
      box.run(toolCall(name, args), signal),
    names: () => box.tools.map(({ name }) => name),
    counted: (tool: string, outcome: string) => metrics.value('tool_calls_total', { tool, outcome }),
  }
}
