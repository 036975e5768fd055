import type { LiveFinding as Finding } from '@kav/core'

/** One line of the comparison of params with what Google lists today. */
export interface LiveFinding extends Finding {
  readonly region: string
}
