import { lstat, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Logger, messageOf, type Metrics } from '@kav/core'
import type { SpeechCache } from '@kav/core/host'
import { makeFolder } from '@kav/core/kit'
import { openPlainFile, PART_ENDING, writeWholeFile } from './process/plain-file.ts'
import type { Storage } from './process/storage.ts'

/** A file that some other process left behind half written is not one of ours. */
const KEY = /^[0-9a-f]{64}$/
/** What is read at the start, the newest first; an older text is read when it is first asked for. */
const READ_AHEAD_BYTES = 32 * 1024 * 1024
/** Longer than any process needs to write a file. */
const PART_IS_OLD_MS = 3_600_000

/**
 * Keeps speech that is the same on every call (greeting, fallback line, prompts) in a folder, so that a greeting
 * starts at once and costs nothing the second time. Bounded: the least recently used goes first. A call is served
 * from memory alone; the folder is read and written behind its back. A folder that cannot be used is told once.
 */
export interface FolderSpeechCache extends SpeechCache {
  /** Resolves when what the folder holds is known. Never rejects; a disk that hangs may keep it waiting for ever. */
  readonly loaded: Promise<void>
}

interface Entry {
  readonly bytes: number
  /** Absent until it was read. */
  audio: Uint8Array | undefined
}

export function openSpeechCache(options: {
  dir: string
  maxBytes: number
  log: Logger
  metrics: Metrics
  storage: Storage
}): FolderSpeechCache {
  const { dir, maxBytes, log, metrics, storage } = options
  /** Least recently used first. */
  const known = new Map<string, Entry>()
  const reading = new Set<string>()
  let total = 0
  let told = false

  async function disk<T>(action: () => Promise<T>): Promise<T | undefined> {
    try {
      return await storage.run(action)
    } catch (error) {
      metrics.count('speech_cache_files_failed_total')
      const fields = { dir, error: messageOf(error) }
      if (!told) log.warn(fields, 'SPEECH_CACHE: the folder cannot be used, keeping speech in memory')
      told = true
      return undefined
    }
  }

  function add(key: string, entry: Entry): void {
    if (known.has(key)) return
    known.set(key, entry)
    total += entry.bytes
  }

  function forget(key: string): void {
    total -= known.get(key)?.bytes ?? 0
    known.delete(key)
  }

  function forgetOldest(): void {
    for (const key of known.keys()) {
      if (total <= maxBytes) return
      forget(key)
      void disk(() => rm(join(dir, key), { force: true }))
    }
  }

  async function read(key: string): Promise<void> {
    const entry = known.get(key)
    if (!entry || entry.audio || reading.has(key)) return
    reading.add(key)
    const audio = await disk(() => readPlain(join(dir, key)))
    reading.delete(key)
    if (audio === undefined || audio.length !== entry.bytes) forget(key)
    else entry.audio = audio
  }

  async function load(): Promise<void> {
    const files = (await disk(() => listFolder(dir))) ?? []
    for (const { name, bytes } of files) add(name, { bytes, audio: undefined })
    forgetOldest()
    let left = READ_AHEAD_BYTES
    for (const [key, { bytes }] of [...known].reverse()) {
      left -= bytes
      if (left < 0) return
      await read(key)
    }
  }

  return {
    loaded: load(),
    get(key) {
      const entry = known.get(key)
      if (!entry) return undefined
      // For the next time: a call does not wait for a disk.
      if (!entry.audio) return void read(key)
      known.delete(key)
      known.set(key, entry)
      return entry.audio
    },
    put(key, audio) {
      const before = known.get(key)
      if (before?.audio || audio.length > maxBytes || audio.length === 0) return
      if (before) forget(key)
      add(key, { bytes: audio.length, audio })
      void disk(() => writeWholeFile(join(dir, key), audio))
      forgetOldest()
    },
  }
}

/** The oldest first. */
async function listFolder(dir: string): Promise<readonly { name: string; bytes: number }[]> {
  await makeFolder(dir)
  const names = await readdir(dir)
  await clearParts(
    dir,
    names.filter((name) => name.endsWith(PART_ENDING)),
  )
  const files = []
  for (const name of names.filter((name) => KEY.test(name))) {
    // Another process may have taken it away meanwhile.
    const facts = await lstat(join(dir, name)).catch(() => undefined)
    // A machine that lost its power leaves empty ones.
    if (facts?.isFile() && facts.size > 0) files.push({ name, bytes: facts.size, usedMs: facts.mtimeMs })
  }
  return files.sort((a, b) => a.usedMs - b.usedMs)
}

/** What processes that were killed had begun. */
async function clearParts(dir: string, names: readonly string[]): Promise<void> {
  for (const name of names) {
    const facts = await lstat(join(dir, name)).catch(() => undefined)
    if (facts && Date.now() - facts.mtimeMs > PART_IS_OLD_MS)
      await rm(join(dir, name), { force: true }).catch(() => undefined)
  }
}

async function readPlain(file: string): Promise<Uint8Array | undefined> {
  const handle = await openPlainFile(file, 'read')
  try {
    return await handle?.readFile()
  } finally {
    await handle?.close()
  }
}
