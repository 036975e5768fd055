import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Logger } from '@kav/core'
import type { SpeechCache } from '@kav/core/host'

/** A file that some other process left behind half written is not one of ours. */
const KEY = /^[0-9a-f]{64}$/

/**
 * Keeps speech that is the same on every call (greeting, fallback line, prompts) in a folder, so that a greeting
 * starts at once and costs nothing the second time. Bounded: the least recently used goes first. A folder that
 * cannot be written is told once, and the cache then lives in memory alone.
 */
export function openSpeechCache(options: { dir: string; maxBytes: number; log: Logger }): SpeechCache {
  const { dir, maxBytes, log } = options
  /** Least recently used first. Sizes of all; audio of those that were used by this process. */
  const known = new Map<string, { readonly bytes: number; audio: Uint8Array | undefined }>()
  let total = 0
  let onDisk = true

  function disk(action: () => void): void {
    if (!onDisk) return
    try {
      action()
    } catch (error) {
      onDisk = false
      log.warn(
        { dir, error: String(error) },
        'SPEECH_CACHE: the folder cannot be used, keeping speech in memory alone',
      )
    }
  }

  function forgetOldest(): void {
    for (const [key, { bytes }] of known) {
      if (total <= maxBytes) return
      known.delete(key)
      total -= bytes
      disk(() => rmSync(join(dir, key), { force: true }))
    }
  }

  disk(() => {
    mkdirSync(dir, { recursive: true })
    const files = readdirSync(dir)
      .filter((name) => KEY.test(name))
      .map((name) => ({ name, ...sizeAndAge(join(dir, name)) }))
      .sort((a, b) => a.usedMs - b.usedMs)
    for (const { name, bytes } of files) {
      known.set(name, { bytes, audio: undefined })
      total += bytes
    }
  })
  forgetOldest()

  return {
    get(key) {
      const entry = known.get(key)
      if (!entry) return undefined
      known.delete(key)
      try {
        entry.audio ??= readFileSync(join(dir, key))
      } catch {
        total -= entry.bytes
        return undefined
      }
      known.set(key, entry)
      return entry.audio
    },
    put(key, audio) {
      if (known.has(key) || audio.length > maxBytes || audio.length === 0) return
      known.set(key, { bytes: audio.length, audio })
      total += audio.length
      // Written beside and renamed, so that a stopped process leaves no half greeting.
      disk(() => {
        writeFileSync(join(dir, `${key}.part`), audio)
        renameSync(join(dir, `${key}.part`), join(dir, key))
      })
      forgetOldest()
    },
  }
}

function sizeAndAge(path: string): { bytes: number; usedMs: number } {
  const { size, mtimeMs } = statSync(path)
  return { bytes: size, usedMs: mtimeMs }
}
