import type { LoadedPipeline, Problem } from '@kav/core/host'
import { createLogger } from '../log.ts'
import { createMetrics } from '../metrics.ts'
import { systemClock } from '../system-clock.ts'
import { openLine } from './line.ts'
import { ownOutbound } from '../admission/outbound-links.ts'
import { byLine, pathProblems } from './together.ts'

/** Paths that two transports of these files would both answer. Transports are made, and closed again; they do no I/O. */
export async function linesTogether(pipelines: readonly LoadedPipeline[]): Promise<readonly Problem[]> {
  const log = createLogger({ level: 'silent', private: false, pretty: false })
  const port = { ownPath: (path: string) => path }
  const metrics = createMetrics(log)
  const refused = { tell: () => undefined }
  const parts = { log, metrics, clock: systemClock, port, once: () => true, outbound: ownOutbound, refused }
  const lines = [...byLine(pipelines).values()].map(([first]) => [first!, openLine(first!, parts)] as const)
  const found = pathProblems(lines)
  await Promise.all(lines.map(([, line]) => line.close()))
  return found
}
