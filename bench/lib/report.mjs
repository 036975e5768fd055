// What a measurement hands back, and how it is shown.
//
// { name, title, takenAt, lines: markdown lines, targets: [{ target, wanted, measured, verdict, note? }],
//   rounds?, voids?: reasons }

import { cpus, release, totalmem } from 'node:os'

export function table(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)]
}

/** A verdict: `pass`, `miss`, or `not judged` when every round was void. */
export function verdict(passed, judged = true) {
  if (!judged) return 'not judged: every round was void'
  return passed ? 'pass' : 'miss'
}

export function machine() {
  const [cpu] = cpus()
  return {
    cpu: cpu?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    system: `${process.platform} ${release().split('-')[0]}`,
  }
}

export function sectionOf(result) {
  const { title, takenAt, lines, targets = [], rounds, voids = [] } = result
  const counted = rounds === undefined ? '' : `, good rounds: ${rounds}`
  const voided = voids.length === 0 ? '' : `, ${voids.length} void (${voids.join('; ')})`
  return [
    `## ${title}`,
    '',
    `Taken ${takenAt}${counted}${voided}.`,
    '',
    ...lines,
    ...(targets.length === 0 ? [] : ['', ...targetTable(targets)]),
  ]
}

export function targetTable(targets) {
  return table(
    ['target', 'wanted', 'measured', 'verdict', 'note'],
    targets.map(({ target, wanted, measured, verdict: said, note = '' }) => [
      target,
      wanted,
      measured,
      said,
      note,
    ]),
  )
}
