import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createFloorRig, frameOf, watch, type Watched } from './floor-rig.ts'

type Step =
  | { readonly do: 'take' | 'interrupt' | 'end' | 'played-out' }
  | { readonly do: 'write' | 'run' | 'room' | 'mark' | 'cue' | 'give-up'; readonly whose: number }
  | { readonly do: 'send' | 'wait'; readonly count: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('take' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('interrupt' as const, 'played-out' as const) }) },
  {
    weight: 10,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'write' as const,
        'write' as const,
        'run' as const,
        'room' as const,
        'mark' as const,
        'cue' as const,
        'give-up' as const,
      ),
      // Mostly the newest holders, now and then one of long ago.
      whose: fc.oneof(fc.constant(0), fc.nat({ max: 3 })),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constantFrom('send' as const, 'wait' as const), count: fc.nat(6) }),
  },
)

type Rig = ReturnType<typeof createFloorRig>
interface Holder {
  readonly voice: number
  readonly by: ReturnType<Rig['voice']>
  gaveUp: boolean
}

/** Plays the steps; every answer that has to come sooner or later is kept. */
async function play(rig: Rig, steps: readonly Step[]) {
  const holders: Holder[] = []
  const open: Watched[] = []
  for (const each of steps) {
    if (each.do === 'take') {
      holders.unshift({ voice: holders.length + 1, by: rig.voice(), gaveUp: false })
    } else if (each.do === 'interrupt') rig.floor.interrupt('caller')
    else if (each.do === 'end') rig.floor.end()
    else if (each.do === 'played-out') rig.playedOut()
    else if (each.do === 'send') rig.send(each.count)
    else if (each.do === 'wait') await rig.time.advance(each.count * 200)
    else if ('whose' in each)
      act(rig, holders, each.do, holders[each.whose % Math.max(1, holders.length)], open)
    await Promise.resolve()
  }
  return { holders, open }
}

function act(
  rig: Rig,
  holders: readonly Holder[],
  what: 'write' | 'run' | 'room' | 'mark' | 'cue' | 'give-up',
  holder: Holder | undefined,
  open: Watched[],
): void {
  if (!holder) return
  const { grant, losses } = holder.by
  const lost = losses.length > 0 || holder.gaveUp || grant.lost !== undefined
  if (what === 'write') {
    const full = rig.stats.depth >= 4
    const answer = grant.write(frameOf(holder.voice))
    if (lost) expect(answer).toBe('revoked')
    else expect(answer === 'full' || (answer === 'queued' && !full)).toBe(true)
    // Nobody but the last who took it can write.
    if (answer !== 'revoked') expect(holder).toBe(holders[0])
  } else if (what === 'run') {
    open.push(watch(Promise.resolve(grant.writeRun(new Uint8Array(7).fill(holder.voice), 1))))
  } else if (what === 'room') open.push(watch(grant.room()))
  else if (what === 'mark') open.push(watch(grant.mark('m')))
  else if (what === 'cue') open.push(watch(grant.cue()))
  else {
    grant.giveUp()
    holder.gaveUp ||= !lost
  }
}

it('whatever is done in whatever order: one voice at a time, every answer comes, nothing after the end', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 60 }),
      fc.array(step, { maxLength: 10 }),
      async (before, after) => {
        const rig = createFloorRig()
        const { holders, open } = await play(rig, before)
        rig.floor.end()
        const { sent } = rig
        const sentBefore = sent.length
        rig.send()
        expect(sent).toHaveLength(sentBefore)
        const late = await play(rig, after)
        await rig.time.advance(2000)
        rig.send()
        expect(sent).toHaveLength(sentBefore)

        // Voices are numbered as they take the floor: on the wire the numbers only go up, with no clear or with one.
        const voices = sent.filter((entry) => typeof entry === 'number')
        expect(voices).toEqual([...voices].sort((a, b) => a - b))
        expect([...open, ...late.open].filter(({ answer }) => answer === 'waiting')).toEqual([])
        for (const { by, gaveUp } of holders) {
          expect(by.losses.length).toBe(gaveUp ? 0 : 1)
          for (const { heardMs, sentMs } of by.losses) expect(heardMs).toBeLessThanOrEqual(sentMs)
        }
        for (const { by } of late.holders) expect([by.grant.lost?.why, by.losses]).toEqual(['ended', []])
        expect(rig.time.pending()).toBe(0)
      },
    ),
    { numRuns: 300 },
  )
})
