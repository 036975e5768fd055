// Builds, and judges all that can be judged without running it.
import { BUILD, CHECKS, FORMAT } from './checks.mjs'
import { runInTurn } from './run.mjs'

const waiting = [...CHECKS]
const built = runInTurn([BUILD])
// Two at a time, as more would be done no sooner on two cores.
const lanes = [built, runInTurn([FORMAT])].map(async (own) => {
  const failed = await own
  return (await built).length > 0 ? failed : [...failed, ...(await runInTurn(waiting))]
})
const failed = (await Promise.all(lanes)).flat()
if (failed.length > 0) console.error(`\n✘ ${failed.join(', ')} failed`)
process.exit(failed.length > 0 ? 1 : 0)
