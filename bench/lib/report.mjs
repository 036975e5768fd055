// What a measurement hands back, and how it is shown.
//
// { name, title, takenAt, lines: markdown lines, targets: [{ target, wanted, measured, verdict, note? }],
//   rounds?, voids?: reasons, machine? }

import { beforeText } from './machine.mjs'

export function table(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)]
}

/** A verdict: `pass`, `miss`, or `not judged` when every round was void. */
export function verdict(passed, judged = true) {
  if (!judged) return 'not judged: every round was void'
  return passed ? 'pass' : 'miss'
}

export function sectionOf(result) {
  const { title, takenAt, lines, targets = [], rounds, voids = [], machine } = result
  const counted = rounds === undefined ? '' : `, good rounds: ${rounds}`
  const voided = voids.length === 0 ? '' : `, ${voids.length} void (${voids.join('; ')})`
  const before = machine?.before === undefined ? '' : ` Machine just before: ${beforeText(machine.before)}.`
  return [
    `## ${title}`,
    '',
    `Taken ${takenAt}${counted}${voided}.${before}`,
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
