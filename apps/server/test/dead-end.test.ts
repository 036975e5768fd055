import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { CallEvent } from '@kav/core/host'
import { expect, it } from 'vitest'
import { verify } from '../src/commands/verify.ts'
import { type DeadEnd, watchForDeadEnd } from '../src/test-call/dead-end.ts'

const MUTE_DESK = fileURLToPath(new URL('fixtures/mute-desk.yaml', import.meta.url))

it('kav verify hangs up once a voice is known to be gone, and says whose it is, where it stands and what to do', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'kav-mute-'))
  const before = process.cwd()
  process.chdir(dir)
  try {
    const lines: string[] = []
    const exitCode = await verify(MUTE_DESK, {}, {}, (line) => lines.push(line))
    expect(exitCode).toBe(1)
    const said = lines.join('\n')
    expect(said).toContain(
      `${MUTE_DESK}:9:16 tts.plugin: "mute-tts" failed: no route to the voice (KAV_PROVIDER_NETWORK). Check network,`,
    )
    expect(said).toMatch(/✘ every stage has a provider +tts mute-tts failed \(KAV_PROVIDER_NETWORK\)/)
    expect(said).toMatch(/✘ the caller’s script +hung up, since tts had failed/)
    const frames = Number(/(\d+) sent/.exec(said)![1])
    expect(frames).toBeLessThan(50 * 20)
  } finally {
    process.chdir(before)
    rmSync(dir, { recursive: true })
  }
}, 60_000)

function deadEndOf(...events: readonly Partial<CallEvent>[]): DeadEnd | undefined {
  const found: DeadEnd[] = []
  const watch = watchForDeadEnd((one) => found.push(one))
  for (const event of events) watch({ atMs: 0, fields: {}, private: {}, ...event } as CallEvent)
  expect(found.length).toBeLessThan(2)
  return found[0]
}

const openFailed = {
  event: 'stt_open_failed',
  fields: { plugin: 'ears', code: 'KAV_PROVIDER_AUTH' },
  private: { error: 'no such key' },
} as const
const utteranceWise = (possible: boolean) =>
  ({ event: 'stt_recognize_per_utterance', fields: { possible } }) as const

it('a recogniser that does not open is no dead end while another may, or single utterances are heard', () => {
  expect(deadEndOf(openFailed)).toBeUndefined()
  expect(deadEndOf(openFailed, utteranceWise(true))).toBeUndefined()
  expect(deadEndOf(openFailed, utteranceWise(false), utteranceWise(false))).toEqual({
    stage: 'stt',
    plugin: 'ears',
    code: 'KAV_PROVIDER_AUTH',
    said: 'no such key',
  })
})

it('a model or a voice that failed, and nobody stood in for, is one; by the name of the one that failed last', () => {
  const asked = (plugin: string, outcome: string) =>
    ({ event: 'llm_request', fields: { plugin, outcome, code: 'KAV_PROVIDER_QUOTA' } }) as const
  expect(deadEndOf(asked('first', 'failed'), asked('second', 'answered'))).toBeUndefined()
  expect(
    deadEndOf(asked('first', 'failed'), asked('second', 'failed'), {
      event: 'llm_failed',
      fields: { code: 'KAV_PROVIDER_QUOTA' },
      private: { error: 'too many' },
    }),
  ).toMatchObject({ stage: 'llm', plugin: 'second', said: 'too many' })
})
