import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PIPELINE_LABEL, statedMetrics } from '../../../apps/server/dist/metrics/catalogue/catalogue.js'
import { root } from '../../run.mjs'

/** Names of figures and their labels, as the catalogue states them. */
export const FIGURES = new Map(
  statedMetrics().map(({ name, labels }) => [
    name,
    [...labels, ...(name.startsWith('kav_') ? [PIPELINE_LABEL] : [])],
  ]),
)
/** Those of Prometheus itself. */
const EVERYWHERE = ['instance', 'le']

/** What an expression asks for that there is not: figures, or labels that they do not have. */
export function unknownIn(expression) {
  const asked = [
    ...expression.matchAll(/\b((?:kav|nodejs|process)_\w+?)(?:_bucket|_sum|_count)?\b(?:\{([^}]*)\})?/g),
  ]
  if (asked.length === 0) return ['no figure at all']
  const strange = asked.map(([, name]) => name).filter((name) => !FIGURES.has(name))
  if (strange.length > 0) return strange
  const selected = asked.flatMap(([, name, selector = '']) =>
    strangeLabels(name, [...selector.matchAll(/(\w+)\s*[=!]/g)], [name]),
  )
  const names = asked.map(([, name]) => name)
  const grouped = [...expression.matchAll(/\b(?:by|on) \(([^)]*)\)/g)].flatMap(([, labels]) =>
    strangeLabels('by', [...labels.matchAll(/(\w+)/g)], names),
  )
  return [...selected, ...grouped]
}

function strangeLabels(place, matches, names) {
  const known = [...names.flatMap((name) => FIGURES.get(name)), ...EVERYWHERE]
  return matches.filter(([, label]) => !known.includes(label)).map(([, label]) => `${place}{${label}}`)
}

const fetched = `${root}.cache/promtool/promtool`
const PROMTOOL = existsSync(fetched) ? fetched : 'promtool'
export const hasPromtool = spawnSync(PROMTOOL, ['--version'], { stdio: 'ignore' }).status === 0

/** What promtool says to files of these texts; empty when all is well. */
export function promtool(args, files) {
  const folder = mkdtempSync(join(tmpdir(), 'kav-promtool-'))
  try {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
    const { status, stdout, stderr } = spawnSync(PROMTOOL, args, { cwd: folder, encoding: 'utf8' })
    return status === 0 ? '' : `${stdout}${stderr}`
  } finally {
    rmSync(folder, { recursive: true })
  }
}
