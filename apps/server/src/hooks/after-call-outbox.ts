import { join } from 'node:path'

/** Where what a pipeline's `after_call` was not told yet waits. The same in every process. */
export function afterCallOutbox(dir: string, pipelineName: string): string {
  return join(dir, 'after-call', pipelineName)
}
