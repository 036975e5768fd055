import type { DoctorFinding } from './doctor-finding.ts'

const LEVELS = ['ok', 'warning', 'error'] as const
const LEVEL_WIDTH = 'warning'.length

/** A line each, what to do under it; the first line of a place names it. */
export function linesOf(findings: readonly DoctorFinding[]): readonly string[] {
  const indent = ' '.repeat(LEVEL_WIDTH + 2)
  return findings.flatMap(({ level, place, message, fix, tookMs }, index) => {
    const head = place === findings[index - 1]?.place ? [] : ['', place]
    const took = tookMs === undefined ? '' : ` (${tookMs} ms)`
    const line = `  ${level.padEnd(LEVEL_WIDTH)}  ${message}${took}`
    return [...head, line, ...(fix === undefined ? [] : [`  ${indent}fix: ${fix}`])]
  })
}

/** `12 ok, 1 warning, 0 errors` */
export function summaryOf(findings: readonly DoctorFinding[]): string {
  const counts = LEVELS.map((level) => {
    const count = findings.filter((one) => one.level === level).length
    return `${count} ${level}${level !== 'ok' && count !== 1 ? 's' : ''}`
  })
  return counts.join(', ')
}
