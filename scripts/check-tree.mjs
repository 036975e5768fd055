// What no linter looks at: links and file names in the documents, cycles between folders.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { folderCycles } from './folder-cycles.mjs'
import { root } from './run.mjs'

const problems = folderCycles()
const files = execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' }).split('\n')
const sources = new Set(files.map((file) => file.split('/').at(-1)))
for (const document of files.filter((file) => file.endsWith('.md') && existsSync(root + file))) {
  const text = readFileSync(root + document, 'utf8')
  for (const [, target] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
    if (/^[a-z]+:|^#/.test(target)) continue
    const path = resolve(dirname(root + document), target.replace(/#.*/, ''))
    if (!existsSync(path)) problems.push(`${document}: link to ${target}, which does not exist`)
  }
  if (document !== 'ARCHITECTURE.md') continue
  for (const [, name] of text.matchAll(/`(?:[\w/-]+\/)?([\w-]+\.(?:ts|mjs))`/g)) {
    if (!sources.has(name)) problems.push(`${document}: names ${name}, which does not exist`)
  }
}
for (const problem of problems) console.error(problem)
if (problems.length > 0) process.exit(1)
console.log('links, folders: ok')
