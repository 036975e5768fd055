// No folder of a package depends, by whatever way round, on one that depends on it: then the listing reads in one
// direction. Type imports count; the entry points of a package (index.ts, host.ts) only list, and do not.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, relative, resolve } from 'node:path'
import { root } from './run.mjs'

const ENTRY_POINTS = new Set(['index.ts', 'host.ts'])

export function folderCycles() {
  const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.ts', '*.tsx'], {
    cwd: root,
    encoding: 'utf8',
  })
    .split('\n')
    .filter((file) => /^(packages|apps)\/[^/]+\/src\//.test(file) && existsSync(root + file))
  /** folder -> folder -> one import that shows it */
  const imports = new Map()
  for (const file of files.filter((name) => !ENTRY_POINTS.has(basename(name)))) {
    const from = dirname(file)
    for (const [, target] of readFileSync(root + file, 'utf8').matchAll(/from\s+'(\.[^']+)'/g)) {
      const to = dirname(relative(root, resolve(root, from, target)))
      if (to === from) continue
      if (!imports.has(from)) imports.set(from, new Map())
      if (!imports.get(from).has(to)) imports.get(from).set(to, `${file} imports ${target}`)
    }
  }
  const problems = []
  for (const [from, targets] of imports) {
    for (const [to, shown] of targets) if (reaches(imports, to, from)) problems.push(`folder cycle: ${shown}`)
  }
  return problems
}

function reaches(imports, start, goal) {
  const seen = new Set()
  const open = [start]
  while (open.length > 0) {
    const folder = open.pop()
    if (folder === goal) return true
    if (seen.has(folder)) continue
    seen.add(folder)
    open.push(...(imports.get(folder)?.keys() ?? []))
  }
  return false
}
