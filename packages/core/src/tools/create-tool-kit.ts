import type { ToolKit, ToolKitParts } from './tool-kit.ts'

/**
 * Collects and compiles the tools of a pipeline, once for the process. Does no I/O. Rejects with a `KavError`
 * (`KAV_PLUGIN_TOOL`) when a plugin's tool cannot be used or two tools have one name.
 */
export async function createToolKit(parts: ToolKitParts): Promise<ToolKit> {
  const { buildToolKit } = await import('./tool-kit.ts')
  return buildToolKit(parts)
}
