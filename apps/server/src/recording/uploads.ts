import { lstat, readFile, unlink } from 'node:fs/promises'
import { basename, extname, join, resolve } from 'node:path'
import { createHash } from 'node:crypto'
import { type Clock, isProviderError, type Logger, type Metrics, type RecordingPlace } from '@kav/core'
import { openOutbox } from '../outbox/outbox.ts'
import { unlessGone } from '../outbox/item-file.ts'
import { Undeliverable } from '../outbox/outbox-limits.ts'
import { writeWholeFile } from '../process/plain-file.ts'
import type { Storage } from '../process/storage.ts'

/** Brings finished recordings to where they are kept, however long that is away. */
export interface Uploads {
  /**
   * Takes a recording that may be heard. Returns what the record calls the place; `undefined` when it is not taken, and
   * stays where it is.
   */
  put(file: string): UploadedTo | undefined
  /** What is on its way has so long; the rest is for the next process. Never rejects. */
  close(withinMs: number): Promise<void>
}

export interface UploadedTo {
  readonly address: string
  /** Whether the file stays in the folder, too. */
  readonly keptLocal: boolean
}

interface Item {
  readonly file: string
  readonly key: string
}

/** Stands beside a call's record where its recording was brought elsewhere, and says where. */
export const UPLOADED_ENDING = '.uploaded'

/** An hour of a call is 115 MB. */
const DELIVER_LIMIT_MS = 15 * 60_000
/** A file that is gone, or none. */
const GONE: ReadonlySet<unknown> = new Set(['ENOENT', 'ENOTDIR', 'EISDIR'])
/** Recordings stay in the folder while they wait: what waits takes no room of its own. */
const LIMITS = {
  deliverLimitMs: DELIVER_LIMIT_MS,
  atATime: 2,
  maxItems: 100_000,
  maxAgeMs: 14 * 24 * 3_600_000,
  whenFull: 'refuse',
} as const

export function openUploads(options: {
  readonly place: RecordingPlace
  /** The folder of records. */
  readonly dir: string
  readonly keepLocal: boolean
  readonly storage: Storage
  readonly clock: Clock
  readonly log: Logger
  readonly metrics: Metrics
}): Uploads {
  const { place, dir, keepLocal, storage, metrics } = options
  const outbox = openOutbox<Item>({
    ...options,
    name: 'recordings',
    dir: join(dir, '.uploads', folderOf(place, keepLocal)),
    limits: LIMITS,
    deliver,
  })

  async function deliver({ file, key }: Item, signal: AbortSignal): Promise<void> {
    const address = place.addressOf(key)
    const beside = uploadedFileOf(file)
    try {
      await place.put(file, key, signal)
    } catch (error) {
      const { code } = error as { code?: unknown }
      if (GONE.has(code)) {
        // The process before this one died between the last two steps.
        if ((await storage.run(() => readUploaded(beside))) === address) return
        throw new Undeliverable('the recording is not in its folder any more')
      }
      if (isProviderError(error) && error.class === 'bad-data') metrics.count('recordings_not_kept_total')
      if (isProviderError(error) && error.class === 'bad-request') throw new Undeliverable(error.message)
      throw error
    }
    await storage.run(() => writeWholeFile(beside, Buffer.from(`${address}\n`)))
    if (!(await storage.run(() => isThere(file)))) {
      // Erased while it was on its way.
      await place.remove(key, signal)
      await storage.run(() => unlink(beside).catch(unlessGone))
      return
    }
    metrics.count('recordings_uploaded_total')
    // One that cannot be taken away is in two places; the next process does not send it again for that.
    if (!keepLocal) await unlink(file).catch(() => metrics.count('recordings_left_behind_total'))
  }

  return {
    put(file) {
      const key = basename(file)
      if (!outbox.put({ file: resolve(file), key })) return undefined
      return { address: place.addressOf(key), keptLocal: keepLocal }
    },
    async close(withinMs) {
      await outbox.close(withinMs)
      place.close()
    },
  }
}

export const uploadedFileOf = (file: string): string =>
  `${file.slice(0, -extname(file).length)}${UPLOADED_ENDING}`

/** Where a recording was brought, by the file that says so; `undefined`: there is none. */
export async function readUploaded(file: string): Promise<string | undefined> {
  const text = await readFile(file, 'utf8').catch(unlessGone)
  return text?.trim()
}

function isThere(file: string): Promise<boolean> {
  return lstat(file).then(
    () => true,
    (error: NodeJS.ErrnoException) => unlessGone(error) ?? false,
  )
}

/** One outbox for all who bring the same to the same place. */
function folderOf(place: RecordingPlace, keepLocal: boolean): string {
  const told = `${place.addressOf('')} ${keepLocal}`
  return createHash('sha256').update(told).digest('hex').slice(0, 16)
}
