import { createWorkerLink, type WorkerLink, type WorkerLinkOptions } from './worker-link.ts'

/**
 * Links by what their workers load. A loaded model takes some 150 MB, so all pipelines of the process share one; whoever
 * comes first lends it log, metrics and clock.
 */
const links = new Map<string, { readonly link: WorkerLink; users: number }>()

/** A link to the worker of these options. Its `close` gives it back; the last one to do so ends the worker. */
export function shareWorkerLink(options: WorkerLinkOptions): WorkerLink {
  const key = JSON.stringify([options.path, options.threads, options.workerUrl?.href])
  const shared = links.get(key) ?? { link: createWorkerLink(options), users: 0 }
  links.set(key, shared)
  shared.users++
  let closing: Promise<void> | undefined

  async function giveBack(): Promise<void> {
    if (--shared.users > 0) return
    links.delete(key)
    await shared.link.close()
  }

  return {
    warm: () => shared.link.warm(),
    judge: (sound) => shared.link.judge(sound),
    close: () => (closing ??= giveBack()),
  }
}
