import { createRequire, register } from 'node:module'

/** What Node.js itself does with TypeScript: its later versions strip the types. */
function nodeReadsTypeScript(): boolean {
  const features = process.features as { readonly typescript?: unknown }
  return features.typescript !== undefined && features.typescript !== false
}

let registered = false

/**
 * Has `.ts` files be imported from now on: by Node.js itself where it can, otherwise by the TypeScript compiler of the
 * plugin's own project, which an author has. Returns what stands in the way.
 */
export function prepareTypeScript(url: string): string | undefined {
  if (registered || nodeReadsTypeScript()) return undefined
  let compiler: string
  try {
    compiler = createRequire(url).resolve('typescript')
  } catch {
    return `is TypeScript, which Node.js ${process.version} does not run by itself; run beside it: npm install --save-dev typescript, or use Node.js 22.18 or newer`
  }
  register('./typescript-hooks.js', import.meta.url, { data: { compiler } })
  // Types take up lines: without the maps every place told would be a wrong one.
  process.setSourceMapsEnabled(true)
  registered = true
  return undefined
}
