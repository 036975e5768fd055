import { describe, expect, it } from 'vitest'
import { ProviderError } from '../../../src/index.ts'
import { RANK } from '../../../src/providers/provider-health.ts'
import { createSttRig, NETWORK } from './stt-rig.ts'

/** The first provider opens sessions that hear nothing; up to where another has taken over. */
async function deafRig() {
  const rig = createSttRig({ fallback: {} })
  rig.link.open()
  while (rig.fallback!.sessions.length === 0) await rig.speak(200)
  const health = rig.instances[0]!.healthOf()
  const other = rig.fallback!.sessions[0]!
  return { ...rig, health, other, frames: () => rig.frames }
}

type DeafRig = Awaited<ReturnType<typeof deafRig>>

/** A call like it, where the process knows the same: its search begins anew, and hears from now on. */
async function nextCall(rig: DeafRig): Promise<void> {
  rig.link.useLanguage('he-IL', rig.instances)
  await rig.silence(1000)
}

describe('a route that opens, and hears nothing', () => {
  it('is known as soon as another hears words in the same speech, and no call waits for it', async () => {
    const rig = await deafRig()
    rig.other.emit({ type: 'partial', text: 'I would like to' })
    await rig.speak(100)
    expect(rig.health.fault()?.message).toBe('fake: said nothing of speech in which fallback heard words')
    expect(
      rig.hostLog.find('PROVIDER: down, tried last until it is found well').at(-1)?.fields,
    ).toMatchObject({
      provider: 'fake',
      next_ms: 60_000,
    })
    await rig.silence(50_000)
    expect(rig.health.rank()).not.toBe(RANK.well)
    const before = rig.stt.attempts.length
    await nextCall(rig)
    expect(rig.stt.attempts).toHaveLength(before)
    expect(rig.fallback!.sessions).toHaveLength(2)
    await rig.end()
  })

  it.each<[string, (rig: DeafRig) => void | Promise<void>]>([
    ['a word that may be made up of a cough', ({ other }) => other.emit({ type: 'partial', text: 'thanks' })],
    [
      'words behind what it heard',
      async (rig) => {
        await rig.speak(15_000)
        rig.other.emit({ type: 'partial', text: 'I would like to' })
      },
    ],
    [
      'a final that ends behind it',
      async (rig) => {
        await rig.speak(15_000)
        rig.other.emit({ type: 'final', text: 'I would like to', endMs: 25_000 })
      },
    ],
    ['nothing', () => undefined],
  ])('is not known by %s', async (_what, says) => {
    const rig = await deafRig()
    await says(rig)
    await rig.speak(6000)
    expect(rig.health.rank()).toBe(RANK.well)
    await rig.end()
  })

  it('is not known by its own words, where no other opens', async () => {
    const rig = createSttRig({ fallback: { opening: { error: NETWORK } } })
    rig.link.open()
    await rig.speak(16_000)
    rig.live().emit({ type: 'partial', text: 'I would like to' })
    await rig.speak(6000)
    expect(rig.instances[0]!.healthOf().rank()).toBe(RANK.well)
    await rig.end()
  })

  it('is left by the calls that it has as soon as it is known', async () => {
    const rig = createSttRig({ fallback: {} })
    rig.link.open()
    await rig.speak(1000)
    rig.instances[0]!.healthOf().condemn(new ProviderError('timeout', 'said nothing'))
    await rig.speak(4200)
    expect([rig.stt.sessions.length, rig.fallback!.sessions.length]).toEqual([1, 1])
    await rig.end()
  })

  it('is tried once more where there is no other', async () => {
    const rig = createSttRig()
    rig.link.open()
    await rig.speak(1000)
    rig.instances[0]!.healthOf().condemn(NETWORK)
    await rig.speak(4200)
    expect(rig.stt.sessions).toHaveLength(2)
    await rig.end()
  })

  it('is known by a final of that speech that comes late', async () => {
    const rig = await deafRig()
    await rig.speak(15_000)
    rig.other.emit({ type: 'final', text: 'I would like to', endMs: 4000 })
    await rig.speak(6000)
    expect(rig.health.rank()).not.toBe(RANK.well)
    await rig.end()
  })

  it.each<[string, (rig: DeafRig) => Promise<void>, 'closed' | 'open' | 'half-open', number?]>([
    [
      'hears words is well',
      async (rig) => {
        await rig.speak(1500)
        expect(rig.health.state()).toBe('half-open')
        rig.live().emit({ type: 'partial', text: 'hello' })
        await rig.speak(100)
      },
      'closed',
    ],
    [
      'hears nothing again is left alone for twice as long, at once',
      async (rig) => {
        const at = rig.fallback!.sessions.length
        while (rig.fallback!.sessions.length === at) await rig.speak(200)
        rig.fallback!.sessions.at(-1)!.emit({ type: 'partial', text: 'I would like to' })
        await rig.speak(100)
      },
      'open',
      120_000,
    ],
    [
      'has a caller who says nothing may be tried by the next',
      async (rig) => {
        await rig.silence(3000)
        await rig.close()
      },
      'open',
      0,
    ],
    [
      'breaks before a word of it may be tried by the next',
      async (rig) => {
        rig.live().fail(NETWORK)
        await rig.silence(1000)
        expect(rig.fallback!.sessions.length).toBeGreaterThan(1)
      },
      'open',
      0,
    ],
    [
      'switches to others may be tried by the next',
      async (rig) => {
        rig.link.useLanguage('en-US', [rig.instances[1]!])
        await rig.silence(1000)
      },
      'open',
      0,
    ],
  ])('tried by a call that %s', async (_what, goesOn, state, restMs) => {
    const rig = await deafRig()
    rig.other.emit({ type: 'partial', text: 'I would like to' })
    await rig.silence(61_000)
    const before = rig.stt.sessions.length
    await nextCall(rig)
    expect(rig.stt.sessions).toHaveLength(before + 1)
    await goesOn(rig)
    expect(rig.health.state()).toBe(state)
    if (restMs === 0) expect(rig.health.rank()).toBe(RANK.well)
    else if (restMs) {
      await rig.silence(restMs - 5000)
      expect(rig.health.rank()).not.toBe(RANK.well)
      await rig.silence(6000)
      expect(rig.health.rank()).toBe(RANK.well)
    }
    if (_what.startsWith('has a caller')) return
    await rig.end()
  })
})
