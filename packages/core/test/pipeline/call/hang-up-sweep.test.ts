import { afterAll, expect, it } from 'vitest'
import { createCallHost, createCallRig } from '../call-rig.ts'

const STEP_MS = 50
const LAST_MS = 8000

const rejections: unknown[] = []
const note = (reason: unknown): void => void rejections.push(reason)
process.on('unhandledRejection', note)
afterAll(() => void process.off('unhandledRejection', note))

/** Silence, a question, an interruption with another one, silence again. */
function voicedAt(ms: number): boolean {
  return (ms >= 1300 && ms < 1900) || (ms >= 3600 && ms < 4300)
}

const SAYS: Readonly<Record<number, (emit: (text: string, final: boolean) => void) => void>> = {
  1600: (emit) => emit('what is', false),
  1900: (emit) => emit('what is the time now', true),
  3900: (emit) => emit('no wait say', false),
  4400: (emit) => emit('no wait say that', true),
}

function createBusyCall(
  host: ReturnType<typeof createCallHost>,
  hangUpAtMs: number,
  far: { hangUpMs?: number },
) {
  const rig = createCallRig(
    {
      call: { id: `CA${hangUpAtMs}`, returnMs: 40, ...far },
      stt: {
        opening: { afterMs: 350 },
        finishMs: 200,
        maxSessionMs: 6000,
        session: (i) => (i === 1 ? { closeHangs: true } : {}),
      },
      llm: {
        preemptive: true,
        replies: [
          {
            text: 'It is half past two. And there is more to say about that.',
            firstTokenMs: 150,
            tokenMs: 60,
          },
          {
            text: 'Well then.',
            firstTokenMs: 100,
            toolCalls: [{ id: '1', name: 'hang_up', arguments: '{}' }],
          },
        ],
      },
      tts: { firstAudioMs: 120, chunkEveryMs: 40, chunkBytes: 700 },
    },
    host,
  )
  return rig
}

it.each([
  ['the caller', {}],
  ['we', { hangUpMs: 300 }],
] as const)(
  'whenever %s hang up, the call closes, leaves nothing open, and breaks no other',
  async (who, far) => {
    const host = createCallHost()
    const times = Array.from({ length: LAST_MS / STEP_MS + 1 }, (_, i) => i * STEP_MS)
    const calls = times.map((hangUpAtMs) => ({ hangUpAtMs, rig: createBusyCall(host, hangUpAtMs, far) }))
    const sessions = calls.map(({ rig }) => rig.start())
    let done = 0
    for (const session of sessions) void session.done.then(() => done++)

    for (let ms = 0; ms <= LAST_MS; ms += 10) {
      for (const [i, { hangUpAtMs, rig }] of calls.entries()) {
        if (ms === hangUpAtMs) {
          if (who === 'we') sessions[i]!.hangUp('shutdown')
          else rig.far.hangUp()
        }
        if (ms % 20 === 0) rig.media(voicedAt(ms))
        SAYS[ms]?.((text, final) =>
          rig.stt.sessions.at(-1)?.emit({ type: final ? 'final' : 'partial', text }),
        )
      }
      await host.time.advance(10)
    }
    await host.time.advance(15_000)

    expect(done).toBe(calls.length)
    expect(host.time.pending()).toBe(0)
    expect(host.frameClock.members).toBe(0)
    expect(rejections).toEqual([])
    for (const { hangUpAtMs, rig } of calls) {
      const at = `hang-up at ${hangUpAtMs} ms`
      expect(rig.of('call_ended'), at).toHaveLength(1)
      expect(rig.names().at(-1), at).toBe('call_ended')
      expect(rig.metrics.value('call_events_late_total'), at).toBe(0)
      expect(rig.of('stage_failed'), at).toEqual([])
      expect(
        rig.log.entries.filter(({ level }) => level === 'error' || level === 'warn'),
        at,
      ).toEqual([])
      expect(rig.far.ignored, at).toBe(0)
      expect(
        rig.stt.sessions.every((session) => session.closed),
        at,
      ).toBe(true)
      expect(
        rig.llm.requests.every((request) => request.endedAtMs !== undefined),
        at,
      ).toBe(true)
      expect(
        rig.tts.requests.every((request) => request.endedAtMs !== undefined),
        at,
      ).toBe(true)
    }
    expect(host.vad.streams.every((stream) => stream.closed)).toBe(true)
    // The sweep went through what it was made for.
    const names = new Set(calls.flatMap(({ rig }) => rig.names()))
    for (const name of ['greeting_end', 'reply_ended', 'interrupted', 'stt_rotated', 'tool_called']) {
      expect(names).toContain(name)
    }
  },
  120_000,
)
