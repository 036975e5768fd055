import * as v8 from 'node:v8'
import { expect, it } from 'vitest'
import { createSpeakingRight } from '../../../src/pipeline/replying/speaking-right.ts'
import type { Floor } from '../../../src/pipeline/speaking/floor.ts'
import { createRedaction } from '../../../src/redaction/redaction.ts'
import { createCallRig } from '../call-rig.ts'

const TURNS = 6
const redaction = createRedaction({
  cards: true,
  phones: false,
  emails: false,
  nationalIds: false,
  secretKeys: 'none',
  words: {},
})

/** How many voices of replies are in memory: each has one right to speak. Since Node 20.13. */
function voices(): number {
  const right = createSpeakingRight({} as Floor, () => undefined)
  const { queryObjects } = v8 as { queryObjects?: (kind: unknown, options: { format: 'count' }) => number }
  return queryObjects?.(right.constructor, { format: 'count' }) ?? 1
}

it('a call keeps no voice that has said all it had to say, however long it goes on', async () => {
  const rig = createCallRig({ settings: { conversation: { greeting: '' } }, redaction })
  rig.start()
  const before = voices()
  for (let turn = 0; turn < TURNS; turn++) {
    await rig.speak(400)
    rig.stt.sessions.at(-1)!.emit({ type: 'final', text: `What about number ${turn}?` })
    await rig.silence(6000)
  }
  expect(rig.of('reply_ended')).toHaveLength(TURNS)
  // The books of the fakes.
  ;(rig.tts.requests as unknown[]).length = 0
  ;(rig.llm.requests as unknown[]).length = 0
  // That which spoke last is kept until the next one speaks.
  expect(voices() - before).toBeLessThanOrEqual(1)
  await rig.end()
})
