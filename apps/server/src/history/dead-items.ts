import { readdir, unlink } from 'node:fs/promises'
import { basename, dirname, join, sep } from 'node:path'
import { DEAD } from '../outbox/outbox-folder.ts'
import { bornWallMs } from '../outbox/item-name.ts'
import { type Keep, longestKept } from './longest-kept.ts'
import type { RetentionParts } from './retention-parts.ts'
import { unlessGone, unlessGoneList } from './unless-gone.ts'

/**
 * What an outbox gave up repeats what was said: it goes with that, by `keep.transcript`, or by `keep.record` where that
 * is shorter. Of pipelines that share an outbox's folder the longest period counts, but for a hook's own.
 */
export async function eraseDeadItems({
  pipelines,
  clock,
  log,
  metrics,
  storage,
}: Pick<RetentionParts, 'pipelines' | 'clock' | 'log' | 'metrics' | 'storage'>): Promise<void> {
  const byRoot = new Map<string, Map<string, Keep>>()
  for (const { config } of pipelines()) {
    const hook = config.hooks?.after_call?.outbox.dir
    for (const root of [join(config.record.dir, 'outbox'), ...(hook === undefined ? [] : [hook])])
      byRoot.set(root, (byRoot.get(root) ?? new Map<string, Keep>()).set(config.name, config.keep))
  }
  for (const [root, keeps] of byRoot) {
    const names = await storage.run(() => readdir(root, { recursive: true }).catch(unlessGoneList))
    let erased = 0
    for (const name of names) {
      const born = bornWallMs(basename(name))
      if (basename(dirname(name)) !== DEAD || born === undefined) continue
      const own = keeps.get(dirname(dirname(name)).split(sep).at(-1) ?? '')
      const limitMs = limitOf(own === undefined ? [...keeps.values()] : [own])
      if (limitMs === undefined || clock.wallMs() - born <= limitMs) continue
      await storage.run(() => unlink(join(root, name)).catch(unlessGone))
      metrics.count('retention_files_erased_total', 1, { part: 'words' })
      erased++
    }
    if (erased > 0) log.info({ dir: root, items: erased }, 'RETENTION: erased what outboxes gave up')
  }
}

function limitOf(keeps: readonly Keep[]): number | undefined {
  const limits = (['transcript', 'record'] as const)
    .map((field) => longestKept(keeps, field))
    .filter((limit) => limit !== undefined)
  return limits.length === 0 ? undefined : Math.min(...limits)
}
