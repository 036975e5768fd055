import { createRequire, register } from 'node:module'
import type { TrialHooks } from './import-trial.ts'

/** What Node.js itself does with TypeScript: its later versions strip the types. */
function nodeReadsTypeScript(): boolean {
  const features = process.features as { readonly typescript?: unknown }
  return features.typescript !== undefined && features.typescript !== false
}

let registered: TrialHooks | undefined

/** What has this process read TypeScript, for another thread; nothing where Node.js does so itself. */
export const typescriptHooks = (): TrialHooks | undefined => registered

/**
 * Has `.ts` files be imported from now on: by Node.js itself where it can, otherwise by the TypeScript compiler of the
 * plugin's own project, which an author has. Returns what stands in the way.
 */
export function prepareTypeScript(url: string): string | undefined {
  if (registered !== undefined || nodeReadsTypeScript()) return undefined
  let compiler: string
  try {
    compiler = createRequire(url).resolve('typescript')
  } catch {
    return `is TypeScript, which Node.js ${process.version} does not run by itself; run beside it: npm install --save-dev typescript, or use Node.js 22.18 or newer`
  }
  const hooks = { url: new URL('./typescript-hooks.js', import.meta.url).href, data: { compiler } }
  register(hooks.url, { data: hooks.data })
  // Types take up lines: without the maps every place told would be a wrong one.
  process.setSourceMapsEnabled(true)
  registered = hooks
  return undefined
}
