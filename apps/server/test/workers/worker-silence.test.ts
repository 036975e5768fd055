import { expect, it } from 'vitest'
import { countSilence, isSilent } from '../../src/workers/worker-silence.ts'

it('a worker without reports is asked last after three seconds, and ended once after thirty', () => {
  const [hangs, reports] = [{ silentSeconds: 0 }, { silentSeconds: 0 }]
  const silentFrom: number[] = []
  const ended: (readonly [number, object])[] = []
  for (let second = 1; second <= 40; second++) {
    for (const worker of countSilence([hangs, reports], 30)) ended.push([second, worker])
    if (isSilent(hangs)) silentFrom.push(second)
    expect(isSilent(reports)).toBe(false)
    reports.silentSeconds = 0
  }
  expect(silentFrom[0]).toBe(3)
  expect(ended).toEqual([[30, hangs]])
})
