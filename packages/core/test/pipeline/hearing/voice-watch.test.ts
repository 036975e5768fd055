import { describe, expect, it } from 'vitest'
import { encodeMulaw } from '../../../src/audio/g711.ts'
import { MULAW_8K, type VadProvider } from '../../../src/index.ts'
import { createCallTelemetry, createFrameClock, createVadTap, type CallEvent } from '../../../src/host.ts'
import { createVoiceWatch, NO_MEDIA_MS } from '../../../src/pipeline/hearing/voice-watch.ts'
import type { EchoEar } from '../../../src/pipeline/hearing/echo/echo-ear.ts'
import { createFakeVad, createTestLogger, createTestMetrics } from '../../../src/testing/index.ts'
import { callerFrame } from '../call-rig.ts'
import { createManualClock } from '../manual-clock.ts'

describe('the voice watch of one call', () => {
  function createWatch(
    provider: VadProvider = createFakeVad().provider,
    quieterDb = 0,
    echo?: Pick<EchoEar, 'judge'>,
  ) {
    const clock = createManualClock()
    const wheel = createFrameClock(clock)
    const events: CallEvent[] = []
    const changes: string[] = []
    const sounds: string[] = []
    const seat = wheel.join((error) => {
      throw error
    })
    const watch = createVoiceWatch({
      alarm: seat.deadline,
      tap: createVadTap(provider, wheel, clock),
      format: MULAW_8K,
      hangoverMs: 180,
      clock,
      telemetry: createCallTelemetry({
        log: createTestLogger(),
        metrics: createTestMetrics(),
        clock,
        onEvent: (event) => events.push(event),
      }),
      quieterDb,
      echo,
      onNear: () => changes.push('near'),
      onFailed: () => changes.push('failed'),
      onSound: (sound) => sounds.push(sound),
      onStarted: (nowMs, near) => changes.push(`${near ? '' : 'other '}started ${nowMs - 1000}`),
      onStopped: (nowMs, endedMs, own) =>
        changes.push(`${own ? 'own ' : ''}stopped ${nowMs - 1000}, ended ${endedMs - 1000}`),
    })
    seat.deadline.wakes(watch)
    return {
      clock,
      events,
      changes,
      sounds,
      watch,
      leave: seat.leave,
      /** A tone of this peak, 0 to 32767; whether it is voice is the detector's to say. */
      sound(ms: number, peak: number): void {
        const frame = encodeMulaw(Int16Array.from({ length: 160 }, (_, at) => (at % 2 === 0 ? peak : -peak)))
        for (let at = 0; at < ms; at += 20) {
          watch.stream?.push(frame)
          clock.step(20)
        }
      },
      send(ms: number, voiced: boolean): void {
        for (let at = 0; at < ms; at += 20) {
          watch.stream?.push(callerFrame(0, voiced))
          clock.step(20)
        }
      },
    }
  }

  it('tells a voice that is quieter than the caller, and when it has become as loud', () => {
    const rig = createWatch(createFakeVad({ voiceRms: 100 }).provider, 10)
    rig.sound(600, 8000)
    rig.sound(400, 0)
    rig.sound(300, 1500)
    rig.sound(200, 6000)
    rig.sound(400, 0)
    const kinds = rig.changes.map((change) => change.replace(/ [-\d].*/u, ''))
    expect(kinds).toEqual(['started', 'stopped', 'other started', 'near', 'stopped'])
  })

  it('tells when the voice pauses, and whether it goes on', () => {
    const rig = createWatch(createFakeVad({ voiceRms: 100 }).provider)
    rig.sound(600, 8000)
    rig.sound(120, 0)
    rig.sound(200, 8000)
    rig.sound(60, 0)
    rig.sound(200, 8000)
    rig.sound(400, 0)
    expect(rig.sounds).toEqual(['pause', 'goes-on', 'pause'])
    expect(rig.changes).toHaveLength(2)
  })

  it('tells of a sound that is as loud as the caller and no voice, until it has been quiet for a hangover', () => {
    let deaf = false
    const { provider } = createFakeVad({ voiceRms: 100 })
    const rig = createWatch(
      {
        ...provider,
        rate(streams, windows, probabilities) {
          void provider.rate(streams, windows, probabilities)
          if (deaf) probabilities.fill(0)
        },
      },
      10,
    )
    rig.sound(600, 8000)
    rig.sound(600, 0)
    deaf = true
    rig.sound(200, 8000)
    rig.sound(100, 0)
    rig.sound(100, 8000)
    expect(rig.sounds).toEqual(['pause', 'loud'])
    rig.sound(400, 0)
    expect(rig.sounds).toEqual(['pause', 'loud', 'quiet'])
    rig.sound(200, 2000)
    expect(rig.sounds).toHaveLength(3)
  })

  it('does not take the agent’s own voice for a caller', () => {
    const heard: string[] = []
    const echo: Pick<EchoEar, 'judge'> = {
      judge(heardMs, windowMs, voiced) {
        heard.push(`${heardMs} ${windowMs} ${voiced}`)
        return heardMs > 640 ? 'other' : 'own'
      },
    }
    const rig = createWatch(createFakeVad().provider, 0, echo)
    rig.sound(600, 8000)
    rig.sound(200, 0)
    rig.sound(400, 8000)
    expect(heard.slice(0, 2)).toEqual(['32 32 true', '64 32 true'])
    expect(rig.changes).toHaveLength(1)
    expect(Number(rig.changes[0]!.slice('started '.length))).toBeGreaterThan(800)
  })

  it('gives back a voice that is found to be the agent’s, and learns no level from it', () => {
    const echo: Pick<EchoEar, 'judge'> = {
      judge: (heardMs) => (heardMs === 480 ? 'found' : heardMs < 480 || heardMs > 900 ? 'other' : 'own'),
    }
    const rig = createWatch(createFakeVad({ voiceRms: 100 }).provider, 10, echo)
    rig.sound(800, 8000)
    rig.sound(200, 0)
    // Far below the agent’s echo, and yet the first that is heard of the caller.
    rig.sound(300, 800)
    const kinds = rig.changes.map((change) => change.replace(/ [-\d].*/u, ''))
    expect(kinds).toEqual(['started', 'own stopped', 'started'])
  })

  it('takes a voice for over that rings on 30 dB below it', () => {
    const rig = createWatch(createFakeVad({ voiceRms: 100 }).provider)
    rig.sound(600, 8000)
    rig.sound(220, 150)
    expect(rig.changes).toHaveLength(2)
    expect(rig.changes[1]).toMatch(/^stopped/u)
  })

  it('says when voice started, when it stopped, and when it had ended before the hangover', () => {
    const rig = createWatch()
    rig.send(400, false)
    rig.send(400, true)
    rig.send(400, false)
    expect(rig.changes).toHaveLength(2)
    const [started, stopped, ended] = rig.changes.join().match(/\d+/g)!.map(Number) as [
      number,
      number,
      number,
    ]
    expect(started).toBeGreaterThanOrEqual(400)
    expect(started).toBeLessThan(500)
    expect(stopped - ended).toBeGreaterThanOrEqual(180)
    expect(Math.abs(ended - 800)).toBeLessThanOrEqual(64)
    rig.watch.close()
    rig.leave()
    expect(rig.clock.pending).toBe(0)
  })

  it('counts voice as stopped when the line sends nothing at all any more', () => {
    const rig = createWatch()
    rig.send(400, true)
    rig.clock.step(NO_MEDIA_MS + 100)
    expect(rig.changes).toEqual([expect.stringMatching(/^started/)])
    rig.clock.step(200)
    expect(rig.changes).toHaveLength(2)
    const ended = Number(rig.changes[1]!.split('ended ')[1])
    expect(ended).toBeLessThanOrEqual(400)
    expect(ended).toBeGreaterThan(300)
    // And it hears again when audio comes back.
    rig.send(200, true)
    expect(rig.changes).toHaveLength(3)
    rig.clock.step(5000)
    expect(rig.changes).toHaveLength(4)
  })

  it('counts it as stopped, too, when the detector never answers', () => {
    const rig = createWatch({
      ...createFakeVad().provider,
      rate: (() => {
        let asked = 0
        return (_streams, _windows, probabilities) => {
          probabilities.fill(0.9)
          return asked++ < 5 ? undefined : new Promise<void>(() => undefined)
        }
      })() satisfies VadProvider['rate'],
    })
    rig.send(2000, true)
    expect(rig.changes).toHaveLength(2)
  })

  it('tells of a failing detector once, and of voice that was on as stopped', () => {
    let failing = false
    const vad = createFakeVad()
    const rig = createWatch({
      ...vad.provider,
      rate(streams, windows, probabilities) {
        if (failing) throw new Error('no more')
        return vad.provider.rate(streams, windows, probabilities)
      },
    })
    rig.send(400, true)
    failing = true
    rig.send(1000, true)
    expect(rig.changes.map((change) => change.split(' ')[0])).toEqual(['started', 'stopped', 'failed'])
    expect(rig.events.map((event) => event.event)).toEqual(['vad_failed', 'caller_voice'])
  })

  it('lets the call go on without voice when no stream will open', () => {
    const rig = createWatch({
      ...createFakeVad().provider,
      openStream() {
        throw new Error('no memory')
      },
    })
    rig.send(400, true)
    expect(rig.changes).toEqual(['failed'])
    expect(rig.events.map((event) => event.private['error'])).toEqual(['vad: opening a stream: no memory'])
    rig.watch.close()
  })
})
