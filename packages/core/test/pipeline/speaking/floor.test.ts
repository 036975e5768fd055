import { describe, expect, it } from 'vitest'
import type { FloorGrant } from '../../../src/pipeline/speaking/floor-grant.ts'
import { createFloorRig, frameOf, watch } from './floor-rig.ts'

const run = (voice: number, frames: number): Uint8Array => new Uint8Array(frames).fill(voice)

describe('the floor', () => {
  it('is lost at once to the next who takes it, who is told apart from an interruption', () => {
    const rig = createFloorRig()
    const first = rig.voice()
    expect(first.grant.write(frameOf(1))).toBe('queued')
    const second = rig.voice()
    expect(first.grant.write(frameOf(1))).toBe('revoked')
    expect(second.grant.write(frameOf(2))).toBe('queued')
    expect(first.losses).toEqual([{ why: 'taken', by: 'other', heardMs: 20, sentMs: 20 }])
    expect(first.grant.lost).toEqual(first.losses[0])
    expect(second.losses).toEqual([])
    expect(rig.floor.counters.takenOver).toBe(1)
  })

  it('lets what the former holder queued play out before the next one’s, with its marks', async () => {
    const rig = createFloorRig()
    const first = rig.voice()
    first.grant.write(frameOf(1))
    const mark = watch(first.grant.mark('end'))
    const second = rig.voice()
    second.grant.write(frameOf(2))
    rig.send()
    rig.playedOut()
    await rig.time.settle()
    expect(rig.sent).toEqual([1, 'mark', 2])
    expect(mark.answer).toBe('played')
  })

  it('answers whoever waits for room as soon as it is lost, and never "full" again', async () => {
    const rig = createFloorRig()
    const first = rig.voice()
    expect(first.grant.writeRun(run(1, 4), 1)).toBe('queued')
    expect(first.grant.write(frameOf(1))).toBe('full')
    const room = watch(first.grant.room())
    const rest = watch(Promise.resolve(first.grant.writeRun(run(1, 9), 1)))
    await rig.time.settle()
    expect([room.answer, rest.answer]).toEqual(['waiting', 'waiting'])
    const second = rig.voice()
    await rig.time.settle()
    expect([room.answer, rest.answer]).toEqual(['revoked', 'revoked'])
    expect(first.grant.write(frameOf(1))).toBe('revoked')
    expect(first.grant.writeRun(run(1, 1), 1)).toBe('revoked')
    expect(second.grant.write(frameOf(2))).toBe('full')
    await expect(first.grant.room()).resolves.toBe('revoked')
    await expect(first.grant.mark('x')).resolves.toBe('cleared')
    await expect(first.grant.cue()).resolves.toBe('cleared')
  })

  it('writes a run as room comes, and wakes once for it', async () => {
    const rig = createFloorRig(16)
    const { grant } = rig.voice()
    const written = watch(Promise.resolve(grant.writeRun(run(1, 50), 1)))
    for (let sent = 0; sent < 50; sent += 10) {
      expect(written.answer).toBe(sent < 50 - 16 ? 'waiting' : 'queued')
      rig.send(10)
      await rig.time.settle()
    }
    expect(rig.sent).toEqual([...run(1, 50)])
  })

  it('is lost by an interruption, which discards, clears, settles and says what was heard', async () => {
    const rig = createFloorRig()
    const { grant, losses } = rig.voice()
    void grant.writeRun(run(1, 3), 1)
    rig.send(2)
    const marks = [watch(grant.mark('a')), watch(grant.cue())]
    await rig.time.advance(30)
    expect(rig.floor.interrupt('caller')).toBe(30)
    expect(losses).toEqual([{ why: 'interrupted', by: 'caller', heardMs: 30, sentMs: 40 }])
    expect(grant.write(frameOf(1))).toBe('revoked')
    rig.send()
    await rig.time.settle()
    expect(rig.sent).toEqual([1, 1, 'clear'])
    expect(marks.map(({ answer }) => answer)).toEqual(['cleared', 'cleared'])
  })

  it('can be interrupted when nobody has it: the far end may still be playing', () => {
    const rig = createFloorRig()
    const { grant } = rig.voice()
    grant.write(frameOf(1))
    grant.giveUp()
    rig.floor.interrupt('caller')
    rig.send()
    expect(rig.sent).toEqual(['clear'])
  })

  it('is given up without a loss; what was written plays out', async () => {
    const rig = createFloorRig()
    const { grant, losses } = rig.voice()
    grant.write(frameOf(1))
    const mark = watch(grant.mark('end'))
    grant.giveUp()
    expect(grant.write(frameOf(1))).toBe('revoked')
    rig.voice()
    rig.send()
    rig.playedOut()
    await rig.time.settle()
    expect([rig.sent, mark.answer, losses]).toEqual([[1, 'mark'], 'played', []])
    expect(rig.floor.counters.takenOver).toBe(0)
  })

  it('ends with the call: everything settles, nobody gets it any more, and nothing is written', async () => {
    const rig = createFloorRig()
    const first = rig.voice()
    void first.grant.writeRun(run(1, 4), 1)
    const open = [watch(first.grant.room()), watch(first.grant.mark('end')), watch(first.grant.cue())]
    rig.floor.end()
    rig.floor.end()
    await rig.time.settle()
    expect(open.map(({ answer }) => answer)).toEqual(['revoked', 'cleared', 'cleared'])
    expect(first.losses.map(({ why }) => why)).toEqual(['ended'])
    const late = rig.voice()
    expect(late.grant.lost?.why).toBe('ended')
    expect(late.losses).toEqual([])
    expect(late.grant.write(frameOf(2))).toBe('revoked')
    await expect(late.grant.room()).resolves.toBe('revoked')
    rig.floor.interrupt('caller')
    rig.send()
    expect(rig.sent).toEqual([])
    expect(rig.time.pending()).toBe(0)
  })

  it('cannot be taken back in the telling: two holders that both want it do not wrestle for ever', () => {
    const rig = createFloorRig()
    const taken: FloorGrant[] = []
    const stubborn = { onLost: () => void taken.push(rig.floor.take(stubborn)) }
    rig.floor.take(stubborn)
    const second = rig.floor.take(stubborn)
    expect(taken.map(({ lost }) => lost?.why)).toEqual(['taken'])
    expect(second.write(frameOf(2))).toBe('queued')
    rig.floor.interrupt('caller')
    expect(taken.map(({ lost }) => lost?.why)).toEqual(['taken', 'taken'])
    expect(rig.voice().grant.write(frameOf(3))).toBe('queued')
  })
})
