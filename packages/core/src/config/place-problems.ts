import type { ErrorCode } from '../errors.ts'
import type { LoadPipelineFailure } from './loaded-pipeline.ts'
import { formatPath, type Path, type Problem } from './source/problem.ts'
import type { Finding } from './findings/schema-findings.ts'
import { locate, type SourceNode } from './source/source-tree.ts'

const MAX_PROBLEMS = 100

/** A fault with its offset in the text. */
export interface PlacedFault {
  readonly code: ErrorCode
  readonly offset: number
  readonly path: Path
  readonly message: string
  readonly severity?: 'error' | 'warning'
}

/** Turns offsets of one file into lines and columns. */
export function createPlacer(file: string, text: string) {
  const lineStarts = [0]
  for (const match of text.matchAll(/\r\n|\n|\r/g)) lineStarts.push(match.index + match[0].length)

  /** From 1. */
  function lineOf(offset: number): number {
    let low = 0
    let high = lineStarts.length - 1
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if ((lineStarts[middle] ?? 0) <= offset) low = middle
      else high = middle - 1
    }
    return low + 1
  }

  function toProblem(fault: PlacedFault): Problem {
    const offset = Math.max(0, Math.min(fault.offset, text.length))
    const line = lineOf(offset)
    const { code, message, severity = 'error' } = fault
    const column = offset - (lineStarts[line - 1] ?? 0) + 1
    return { file, line, column, path: formatPath(fault.path), message, severity, code }
  }

  /** Where a finding stands: at its value, its key, or the map that lacks it. */
  function finding({ code, path, at, message }: Finding, source: SourceNode): PlacedFault {
    const { node, found } = locate(source, path)
    const offset = at === 'value' && found ? node.valueOffset : node.keyOffset
    // An unknown field is named in the message; the path says which map it stands in.
    return { code, offset, message, path: at === 'key' ? path.slice(0, -1) : path }
  }

  /** In the order of the file, at most `MAX_PROBLEMS` and a line that says how many more. */
  function problems(faults: readonly PlacedFault[]): readonly Problem[] {
    const sorted = faults.map(toProblem).sort((a, b) => a.line - b.line || a.column - b.column)
    const more = sorted.length - MAX_PROBLEMS
    const next = sorted[MAX_PROBLEMS]
    if (more <= 0 || next === undefined) return sorted
    return [
      ...sorted.slice(0, MAX_PROBLEMS),
      { ...next, path: '', message: `and ${more} more problems from here on` },
    ]
  }

  function failure(faults: readonly PlacedFault[]): LoadPipelineFailure {
    return { ok: false, problems: problems(faults), files: [] }
  }

  const problem = (found: Finding, source: SourceNode): Problem => toProblem(finding(found, source))

  return { lineOf, finding, problem, problems, failure }
}
