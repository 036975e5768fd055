import type { LoadedPipeline, Problem } from '@kav/core/host'
import { createLogger } from '../log.ts'
import { createMetrics } from '../metrics.ts'
import { systemClock } from '../system-clock.ts'
import { type Line, openLine } from './line.ts'
import { byLine, pathProblem } from './together.ts'

/** Paths that two transports of these files would both answer. Transports are made, and closed again; they do no I/O. */
export async function linesTogether(pipelines: readonly LoadedPipeline[]): Promise<readonly Problem[]> {
  const log = createLogger({ level: 'silent', private: false, pretty: false })
  const parts = { log, metrics: createMetrics(log), clock: systemClock }
  const opened: (readonly [LoadedPipeline, Line])[] = []
  const found: Problem[] = []
  for (const [first] of byLine(pipelines).values()) {
    const port = { ownPath: (path: string) => path }
    const line = openLine(first!, { ...parts, port, once: () => true })
    for (const [other, otherLine] of opened) {
      const paths = line.table.overlapsWith(otherLine.table)
      if (paths.length > 0) found.push(pathProblem(first!, other, paths))
    }
    opened.push([first!, line])
  }
  await Promise.all(opened.map(([, line]) => line.close()))
  return found
}
