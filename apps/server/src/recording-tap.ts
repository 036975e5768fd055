import { mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { MULAW_8K, MULAW_SILENCE, writeWav } from '@kav/core'
import { type CallTap } from '@kav/core/host'

/**
 * A stereo recording of one call in mu-law: caller left, agent right, each where it was heard on one time line.
 * Kept in memory for a few seconds (until nothing can change it any more), then appended to the file.
 */
export interface RecordingTap extends CallTap {
  /** Resolves when the file is complete. */
  readonly written: Promise<void>
}

const BYTES_PER_MS = 8
/** Agent audio lies ahead of now by the lead at most; caller audio is never that far behind. */
const SETTLED_AFTER_MS = 4000
const PIECE_MS = 2000

export function createRecordingTap(file: string, onError: (error: unknown) => void): RecordingTap {
  let startMs: number | undefined
  let pending = Buffer.alloc(BYTES_PER_MS * (SETTLED_AFTER_MS + PIECE_MS) * 4, MULAW_SILENCE)
  /** Position (samples since the start) of the first sample in `pending`, and of the newest one written. */
  let base = 0
  let end = 0
  let callerEnd = 0
  let samplesWritten = 0
  let resolveWritten: () => void = () => undefined
  const written = new Promise<void>((resolve) => {
    resolveWritten = resolve
  })
  const chunks: Buffer[] = []
  let writing: Promise<void> = Promise.resolve()
  /** The file is there, with a header whose sizes are not known yet. */
  let started = false
  let failed = false

  function place(channel: 0 | 1, at: number, audio: Uint8Array): void {
    ensureRoom(at + audio.length)
    for (let i = 0; i < audio.length; i++) {
      const position = at + i - base
      if (position >= 0) pending[2 * position + channel] = audio[i]!
    }
    end = Math.max(end, at + audio.length)
  }

  function ensureRoom(upTo: number): void {
    const needed = (upTo - base) * 2
    if (needed <= pending.length) return
    const larger = Buffer.alloc(needed * 2, MULAW_SILENCE)
    pending.copy(larger)
    pending = larger
  }

  function release(upTo: number): void {
    const samples = Math.min(upTo, end) - base
    if (samples <= 0) return
    if (!failed) chunks.push(Buffer.from(pending.subarray(0, samples * 2)))
    pending.copyWithin(0, samples * 2)
    pending.fill(MULAW_SILENCE, pending.length - samples * 2)
    base += samples
    samplesWritten += samples
    writing = writing.then(append).catch(fail)
  }

  function releaseSettled(): void {
    if (end - base > (SETTLED_AFTER_MS + PIECE_MS) * BYTES_PER_MS)
      release(end - SETTLED_AFTER_MS * BYTES_PER_MS)
  }

  async function append(): Promise<void> {
    if (failed) return
    // Here, not where the call begins: a folder that cannot be made costs the recording, never the call.
    if (!started) await mkdir(dirname(file), { recursive: true })
    const handle = await open(file, started ? 'a' : 'w')
    try {
      if (!started) await handle.write(Buffer.from(writeWav(MULAW_8K, 2, new Uint8Array(0))))
      started = true
      for (const chunk of chunks.splice(0)) await handle.write(chunk)
    } finally {
      await handle.close()
    }
  }

  function fail(error: unknown): void {
    if (!failed) onError(error)
    failed = true
  }

  /** Sizes stand in the header, and are known only at the end: they are all that is written again. */
  async function finish(): Promise<void> {
    const audioBytes = samplesWritten * 2
    const header = Buffer.from(writeWav(MULAW_8K, 2, new Uint8Array(0)))
    header.writeUInt32LE(header.length - 8 + audioBytes, 4)
    header.writeUInt32LE(audioBytes, header.length - 4)
    const handle = await open(file, 'r+')
    try {
      await handle.write(header, 0, header.length, 0)
    } finally {
      await handle.close()
    }
  }

  function sampleAt(nowMs: number): number {
    startMs ??= nowMs
    return Math.round((nowMs - startMs) * BYTES_PER_MS)
  }

  return {
    written,
    onCallerAudio(audio, nowMs) {
      // Arrival jitters; the phone's own clock does not: speech goes on where it left off unless it fell behind.
      const arrived = Math.max(0, sampleAt(nowMs) - audio.length)
      const at = Math.abs(arrived - callerEnd) > BYTES_PER_MS * 200 ? arrived : callerEnd
      place(0, at, audio)
      callerEnd = at + audio.length
      releaseSettled()
    },
    onAgentFrame(frame, playAtMs) {
      place(1, sampleAt(playAtMs), frame)
      // A line that sends nothing must not keep the whole call in memory.
      releaseSettled()
    },
    onCleared(nowMs) {
      for (let at = sampleAt(nowMs); at < end; at++)
        if (at >= base) pending[2 * (at - base) + 1] = MULAW_SILENCE
    },
    close() {
      release(end)
      void writing
        .then(() => (failed || !started ? undefined : finish()))
        .catch(fail)
        .finally(resolveWritten)
    },
  }
}
