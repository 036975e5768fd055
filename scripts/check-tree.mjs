// What no linter looks at: links and file names in the documents, cycles between folders.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { folderCycles } from './folder-cycles.mjs'
import { anchorsOf, withoutCode } from './headings.mjs'
import { root } from './run.mjs'

const problems = folderCycles()
const files = execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' }).split('\n')
const headings = new Map()
const sources = new Set(files.map((file) => file.split('/').at(-1)))
for (const document of files.filter((file) => file.endsWith('.md') && existsSync(root + file))) {
  const text = readFileSync(root + document, 'utf8')
  for (const [, target] of withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)) {
    if (/^[a-z]+:/.test(target)) continue
    const [file, anchor] = target.split('#')
    const path = file === '' ? root + document : resolve(dirname(root + document), file)
    if (!existsSync(path)) problems.push(`${document}: link to ${target}, which does not exist`)
    else if (anchor !== undefined && path.endsWith('.md') && !anchorsIn(path).has(anchor))
      problems.push(`${document}: link to ${target}, where no heading is of that name`)
  }
  if (document !== 'ARCHITECTURE.md') continue
  for (const [, name] of text.matchAll(/`(?:[\w/-]+\/)?([\w-]+\.(?:ts|mjs))`/g)) {
    if (!sources.has(name)) problems.push(`${document}: names ${name}, which does not exist`)
  }
}

function anchorsIn(path) {
  if (!headings.has(path)) headings.set(path, anchorsOf(readFileSync(path, 'utf8')))
  return headings.get(path)
}

for (const problem of problems) console.error(problem)
if (problems.length > 0) process.exit(1)
console.log('links, folders: ok')
