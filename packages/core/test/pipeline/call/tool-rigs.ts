import type { ToolProvider } from '../../../src/index.ts'
import { buildToolKit } from '../../../src/tools/tool-kit.ts'
import type { ToolSettings } from '../../../src/tools/tool-settings.ts'
import { NO_TOOLS } from '../../tools/tool-rig.ts'
import type { CallRigOptions } from '../call-rig.ts'

/** The tools of a rig: built-in ones by settings, and those of one plugin, which all answer by `run`. */
export function rigTools(
  settings: Partial<ToolSettings>,
  names: readonly string[] = [],
  run: ToolProvider['run'] = async (name) => `${name} done`,
): NonNullable<CallRigOptions['tools']> {
  const tools = names.map((name) => ({ name, description: `Does ${name}.`, parameters: { type: 'object' } }))
  const code = names.length === 0 ? [] : [{ name: 'shop', provider: { tools, run, close: async () => {} } }]
  return (on) => buildToolKit({ settings: { ...NO_TOOLS, ...settings }, code, ...on })
}

/** One tool that is left to finish when the caller speaks over it. */
export function lastingTool(name: string, run: () => Promise<string>): NonNullable<CallRigOptions['tools']> {
  const tool = { name, description: `Does ${name}.`, parameters: { type: 'object' }, lasting: true }
  const shop = { name: 'shop', provider: { tools: [tool], run, close: async () => {} } }
  return (on) => buildToolKit({ settings: { ...NO_TOOLS, codeTimeoutsMs: [60_000] }, code: [shop], ...on })
}
