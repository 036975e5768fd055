import { hideEnvironment } from '../privacy/secrets.ts'
import type { WorkerFiles } from './messages.ts'

/**
 * Makes the environment of this process that of its parent, as it is now: the process may have waited since before a
 * `.env` was read anew. What is gone there is gone here, and what is secret is hidden here, too.
 */
export function takeEnvironment(env: WorkerFiles['env'], own: NodeJS.ProcessEnv = process.env): void {
  for (const name of Object.keys(own)) if (env[name] === undefined) delete own[name]
  for (const [name, value] of Object.entries(env)) if (value !== undefined) own[name] = value
  hideEnvironment(own)
}
