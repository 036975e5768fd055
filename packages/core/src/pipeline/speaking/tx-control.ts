import type { WirePlace } from './playout-clock.ts'

/** How a mark or a cue ended: the caller heard all before it, or never will. */
export type MarkOutcome = 'played' | 'cleared'

/** What travels between the frames of the tx-queue. */
export type TxControl =
  | { readonly type: 'mark'; readonly name: string; readonly settle: (outcome: MarkOutcome) => void }
  | { readonly type: 'cue'; readonly settle: (outcome: MarkOutcome) => void }
  | { readonly type: 'clear' }

/** A mark on the wire that has not come back. */
export interface OpenMark {
  readonly name: string
  readonly place: WirePlace
  /** When, by the playout clock, all before it will have been played. */
  foretoldUs: number
  /** It has been given more time already. */
  isPutOff?: boolean
  /** The playout clock's word was taken for it. */
  isGivenUp?: boolean
  readonly settle: (outcome: MarkOutcome) => void
}

/** `greeting_end#0`: the epoch tells a mark that was played from one that `clear` returned. */
export function markName(label: string, epoch: number): string {
  return `${label}#${epoch}`
}
