import { ApiFault } from './api-fault.ts'

/** Each holds a connection for as long as it likes, and probes need some, too. */
const MAX_STREAMS = 120

/** Places for those that watch and listen. */
export interface StreamPlaces {
  /** Returns what gives the place back. Throws `ApiFault` where there is none. */
  take(): () => void
}

export function createStreamPlaces(): StreamPlaces {
  let taken = 0
  return {
    take() {
      if (taken >= MAX_STREAMS)
        throw new ApiFault('no-room', `${MAX_STREAMS} pages watch or listen already`, 'close one of them')
      taken++
      let isHeld = true
      return () => {
        if (isHeld) taken--
        isHeld = false
      }
    },
  }
}
