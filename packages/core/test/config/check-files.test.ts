import { expect, it } from 'vitest'
import { checkFiles } from '../../src/config/checks/stage-checks.ts'
import { type AnyPlugin, definePlugin, Type } from '../../src/index.ts'
import { createFakeClock } from '../../src/testing/index.ts'

it('a plugin that never comes back from its files is named', async () => {
  const time = createFakeClock()
  const plugin = definePlugin({
    kind: 'vad',
    name: 'sleepy',
    description: 'Sleeps.',
    params: Type.Object({}),
    checkFiles: () => new Promise(() => undefined),
    create: () => expect.fail('is not made'),
  }) as unknown as AnyPlugin
  const stage = { kind: 'vad', path: ['vad'], package: './sleepy.js', plugin, params: {} } as const
  const checking = checkFiles(stage, ['vad', 'params'], { baseDir: '/', clock: time.clock })
  await time.advance(30_000)
  expect(await checking).toMatchObject([
    {
      code: 'KAV_PLUGIN_CHECK',
      path: ['vad', 'params'],
      message: expect.stringMatching(/"sleepy" failed.*no answer within 10000 ms/),
    },
  ])
  expect(time.pending()).toBe(0)
})
