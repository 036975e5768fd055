import * as v8 from 'node:v8'
import { expect, it } from 'vitest'
import { createSpeakingRight } from '../../../src/pipeline/replying/speaking-right.ts'
import { createUtterance } from '../../../src/pipeline/replying/utterance.ts'
import type { Floor } from '../../../src/pipeline/speaking/floor.ts'
import { createRedaction } from '../../../src/redaction/redaction.ts'
import { createCallRig } from '../call-rig.ts'
import { NOTHING } from '../../redaction/nothing-private.ts'

const TURNS = 6
const redaction = createRedaction({ ...NOTHING, cards: true })

/** How many objects of this one's kind are in memory, but for it. Since Node 20.13. */
function othersLike(one: object): number {
  const { queryObjects } = v8 as { queryObjects?: (kind: unknown, options: { format: 'count' }) => number }
  return (queryObjects?.(one.constructor, { format: 'count' }) ?? 1) - 1
}

/** Each voice of a reply has one right to speak. */
const voices = (): number => othersLike(createSpeakingRight({} as Floor, () => undefined))
const utterances = (): number => othersLike(createUtterance())

/** A call of some turns. */
async function callWith(options: Parameters<typeof createCallRig>[0]) {
  const rig = createCallRig({ settings: { conversation: { greeting: '' } }, ...options })
  rig.start()
  for (let turn = 0; turn < TURNS; turn++) {
    await rig.speak(400)
    rig.stt.sessions.at(-1)!.emit({ type: 'final', text: `What about number ${turn}?` })
    await rig.silence(6000)
  }
  expect(rig.of('reply_ended')).toHaveLength(TURNS)
  // The books of the fakes.
  ;(rig.tts.requests as unknown[]).length = 0
  ;(rig.llm.requests as unknown[]).length = 0
  return rig
}

it('a call keeps no voice that has said all it had to say, however long it goes on', async () => {
  const before = voices()
  const rig = await callWith({ redaction })
  // That which spoke last is kept until the next one speaks.
  expect(voices() - before).toBeLessThanOrEqual(1)
  await rig.end()
})

it('of a reply that is over its words are kept, not how each of them was heard', async () => {
  const before = utterances()
  const rig = await callWith({})
  expect(utterances() - before).toBeLessThanOrEqual(1)
  await rig.end()
})
