import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'

/** `import … from './wire.js'`, `import './wire.js'`, `import('./wire.js')`, `export … from`, `require('./wire.cjs')`. */
const RELATIVE = /(?:from|import|require)\s*\(?\s*['"](\.{1,2}\/[^'"]+)['"]/g

/** A module and every file that it imports by a relative path, itself or through another: path to text. */
export async function sourceGraph(entry: string): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>()
  const open = [entry]
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (texts.has(path)) continue
    // One that is not there yet is watched for, too.
    const text = await readFile(path, 'utf8').catch(() => '')
    texts.set(path, text)
    for (const [, specifier] of text.matchAll(RELATIVE)) open.push(resolve(dirname(path), specifier!))
  }
  return texts
}
