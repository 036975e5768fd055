import { systemClock } from '../../apps/server/dist/system-clock.js'

const nothing = () => undefined
const log = { debug: nothing, info: nothing, warn: nothing, error: nothing, child: () => log }

/** What a host lends, on the machine's clock, with nobody who reads. */
export const quietContext = () => ({
  log,
  clock: systemClock,
  metrics: { count: nothing, gauge: nothing, observe: nothing },
})
