import type { RefusalReason } from '@kav/core'

/** What an operator asks for. */
export interface PlaceAsk {
  readonly pipeline: string
  readonly to: string
  /** The pipeline's first number when absent. */
  readonly from?: string | undefined
  readonly values: Readonly<Record<string, string>>
}

/** `too-soon`: more are placed than the carrier takes a second. `no-outbound`: the transport places no calls. `no-from`: no number is there to be shown. `carrier`: it refused. */
export type PlaceRefusal =
  RefusalReason | 'unknown-pipeline' | 'no-outbound' | 'no-from' | 'too-soon' | 'carrier'

export type PlaceAnswer =
  { readonly id: string } | { readonly refused: PlaceRefusal; readonly message?: string }
