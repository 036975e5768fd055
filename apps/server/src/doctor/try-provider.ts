import type {
  Clock,
  LiveFinding,
  LlmProvider,
  PluginContext,
  RealtimeProvider,
  SttProvider,
  TtsProvider,
} from '@kav/core'
import { type LoadedStage, llmProbe, type Probe, realtimeProbe, sttProbe, ttsProbe } from '@kav/core/host'
import { finding, settleWithin, withDeadline } from '@kav/core/kit'
import { faultFinding } from './provider-faults.ts'

/** Patient: how slow it was is told, and a call has limits of its own. */
const LIMIT_MS = 10_000
const CLOSE_LIMIT_MS = 2000

interface Trial {
  readonly doing: string
  readonly done: string
  readonly probe: Probe
}

export interface TriedProvider {
  readonly found: LiveFinding
  readonly tookMs: number
}

/**
 * Uses a provider as a call would, the least there is of it: a word is spoken, a question answered, a session opened
 * and kept for a second. Nothing for a kind that is used by calls alone.
 */
export async function tryProvider(
  stage: LoadedStage,
  context: PluginContext,
  hints: readonly string[],
): Promise<readonly TriedProvider[]> {
  let provider: unknown
  try {
    provider = stage.plugin.create(stage.params, context)
  } catch (thrown) {
    return [{ found: faultFinding(thrown, 'could not be made'), tookMs: 0 }]
  }
  try {
    const results: TriedProvider[] = []
    for (const trial of trialsOf(stage.kind, provider, { clock: context.clock, hints }))
      results.push(await run(trial, context.clock))
    return results
  } finally {
    const close = async () => (provider as { close?(): Promise<void> } | null)?.close?.()
    await settleWithin(context.clock, CLOSE_LIMIT_MS, close())
  }
}

/** One for each region that recognition may be asked in. */
function trialsOf(
  kind: LoadedStage['kind'],
  provider: unknown,
  { clock, hints }: { clock: Clock; hints: readonly string[] },
): readonly Trial[] {
  const limits = { limitMs: LIMIT_MS, clock }
  const opening = { openMs: LIMIT_MS, clock, hints }
  if (kind === 'llm') {
    const probe = llmProbe(provider as LlmProvider, limits)
    return [{ doing: 'asked for an answer', done: 'begins to answer', probe }]
  }
  if (kind === 'tts') {
    const probe = ttsProbe(provider as TtsProvider, limits)
    return [{ doing: 'asked to speak a word', done: 'speaks a word', probe }]
  }
  if (kind === 'realtime') {
    const probe = realtimeProbe(provider as RealtimeProvider, opening)
    return [{ doing: 'asked for a session', done: 'opens a session and keeps it', probe }]
  }
  if (kind !== 'stt') return []
  const { regions = [] } = provider as SttProvider
  return (regions.length > 0 ? regions : [undefined]).map((region) => {
    const where = region === undefined ? '' : ` in ${region}`
    return {
      doing: `asked to listen${where}`,
      done: `opens a session${where} and keeps it`,
      probe: sttProbe(provider as SttProvider, region, opening),
    }
  })
}

async function run({ doing, done, probe }: Trial, clock: Clock): Promise<TriedProvider> {
  const startedMs = clock.nowMs()
  const took = (): number => Math.round(clock.nowMs() - startedMs)
  const abort = new AbortController()
  try {
    await withDeadline(clock, probe.limitMs, doing, probe.run(abort.signal))
    return { found: finding.ok(done), tookMs: took() }
  } catch (thrown) {
    return { found: faultFinding(thrown, doing), tookMs: took() }
  } finally {
    abort.abort()
  }
}
