import { createDeferred } from '@kav/core/kit'
import { testContext } from '@kav/core/testing'
import { expect, it } from 'vitest'
import { Reloader } from '../../src/service/reloader.ts'

const RELOAD = { added: [], changed: ['desk'], removed: [], unchanged: [] }

it('wishes that come while files are read are one reading, behind that one', async () => {
  const { log, metrics } = testContext()
  const readings: ReturnType<typeof createDeferred<void>>[] = []
  const reloader = new Reloader({
    log,
    metrics,
    async read() {
      const reading = createDeferred<void>()
      readings.push(reading)
      await reading.promise
      return { reload: RELOAD, warnings: [] }
    },
  })
  const first = reloader.reload('SIGHUP')
  await expect.poll(() => readings).toHaveLength(1)
  const rest = Array.from({ length: 30 }, () => reloader.reload('SIGHUP'))
  readings[0]!.resolve()
  expect(await first).toMatchObject({ ok: true })
  await expect.poll(() => readings).toHaveLength(2)
  const behind = reloader.reload('a file has changed')
  readings[1]!.resolve()
  for (const outcome of await Promise.all(rest)) expect(outcome).toMatchObject({ ok: true })
  await expect.poll(() => readings).toHaveLength(3)
  readings[2]!.resolve()
  expect(await behind).toMatchObject({ ok: true })
  expect(metrics.value('reloads_total')).toBe(3)
})
