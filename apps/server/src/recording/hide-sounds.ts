import { unlink } from 'node:fs/promises'
import { messageOf, type Metrics } from '@kav/core'
import type { Storage } from '../process/storage.ts'
import type { PrivateStretch } from './private-stretches.ts'
import { toneOver } from './tone-over.ts'

export interface HiddenSounds {
  /**
   * `kept`: nothing private can be heard in the file. `withheld`: that could not be made sure of, and there is no file.
   * `unsure`: it could not be taken away either, so it must not be used; to be tried again.
   */
  readonly outcome: 'kept' | 'withheld' | 'unsure'
  readonly error?: string
}

/** Makes a finished recording fit to be kept. `stretches` absent: nobody knows what is in it. Never rejects. */
export async function hideSounds(parts: {
  readonly file: string
  readonly stretches: readonly PrivateStretch[] | undefined
  readonly beginsMs: number
  readonly storage: Storage
  readonly metrics: Metrics
}): Promise<HiddenSounds> {
  const { file, stretches, beginsMs, storage, metrics } = parts
  if (stretches?.length === 0) return { outcome: 'kept' }
  let error = 'what was said in it is not known'
  if (stretches !== undefined) {
    try {
      await storage.run(() => toneOver(file, stretches, beginsMs))
      metrics.count('recordings_toned_total')
      return { outcome: 'kept' }
    } catch (thrown) {
      error = messageOf(thrown)
    }
  }
  metrics.count('recordings_withheld_total')
  try {
    await storage.run(() => unlink(file))
    return { outcome: 'withheld', error }
  } catch (thrown) {
    const gone = (thrown as NodeJS.ErrnoException).code === 'ENOENT'
    return { outcome: gone ? 'withheld' : 'unsure', error }
  }
}
