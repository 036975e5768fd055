import type { CarrierDial } from '../test-call/carrier-account.ts'
import type { ProvidersOf } from './measured-pipeline.ts'

/** What the measuring process asks the one that is measured. */
export interface ToMeasured {
  /** Opens the pipeline on a free port; answers how it is called. */
  open: {
    ask: { readonly file: string; readonly providers: ProvidersOf; readonly dir: string }
    answer: { readonly dial: Pick<CarrierDial, 'webhookUrl' | 'accountSid' | 'authToken' | 'publicUrl'> }
  }
  /** From now on. */
  begin: { ask: null; answer: null }
  /** Since `begin`. */
  end: { ask: null; answer: MeasuredLoad }
}

export interface MeasuredLoad {
  /** Of one core. */
  readonly cpuShare: number
  /** 90th percentile of how late the event loop was. */
  readonly lagMs: number
  /** Lines of level error since it began to run, and the first of them. */
  readonly errors: number
  readonly firstError: string | undefined
}
