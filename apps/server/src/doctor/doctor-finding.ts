import type { LiveFinding } from '@kav/core'

/** One line of what `kav doctor` found. */
export interface DoctorFinding extends LiveFinding {
  /** What it is about: `machine`, `files`, or a stage with its provider, `tts azure-tts`. */
  readonly place: string
  /** How long the provider took, where it was tried. */
  readonly tookMs?: number
}

export const at =
  (place: string) =>
  (found: LiveFinding): DoctorFinding => ({ place, ...found })
