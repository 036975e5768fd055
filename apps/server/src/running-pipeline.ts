import { type Clock, createToolKit, type Logger, type Metrics, MULAW_8K, type TransportCall } from '@kav/core'
import {
  type CallEvent,
  type CallRecord,
  type CallSession,
  type CallTap,
  createCallRecorder,
  createCallTelemetry,
  createFrameClock,
  createProviderPool,
  createProviders,
  createVadTap,
  type LoadedPipeline,
  prepareForSpeech,
  type ProviderPool,
  presynthesize,
  startCallSession,
  toCallSettings,
  toToolSettings,
} from '@kav/core/host'
import { callFileBase, writeCallFiles } from './call-files.ts'
import type { HttpHost } from './http-host.ts'
import { openSpeechCache } from './speech-cache.ts'
import { openCallRecording } from './open-call-recording.ts'

/** A pipeline that takes calls on the process's port. */
export interface RunningPipeline {
  readonly activeCalls: number
  /** What is known of each provider, and whether every stage has one that may work. */
  readonly providers: Pick<ProviderPool, 'states' | 'able'>
  /** No new calls from now on. */
  drain(): void
  /** Resolves when no call is running. */
  idle(): Promise<void>
  /** Ends what still runs, then closes every provider. */
  close(): Promise<void>
}

export interface RunPipelineOptions {
  readonly pipeline: LoadedPipeline
  readonly http: HttpHost
  readonly clock: Clock
  readonly log: Logger
  readonly metrics: Metrics
  /** Sees every event of every call (verify, demo). */
  readonly onEvent?: (event: CallEvent, callId: string) => void
  /** Called when a call's files are written. */
  readonly onRecord?: (record: CallRecord, files: readonly string[]) => void
}

export async function runPipeline(options: RunPipelineOptions): Promise<RunningPipeline> {
  const { pipeline, http, clock, log, metrics } = options
  const { config } = pipeline
  const settings = toCallSettings(config)
  const frameClock = createFrameClock(clock)
  const providers = await createProviders(pipeline.stages, (_stage, name) => ({
    log: log.child({ plugin: name }),
    metrics,
    clock,
    baseDir: pipeline.baseDir,
  }))
  const pool = createProviderPool(providers, { ...settings.conversation, clock, metrics, log })
  const stages = {
    ...pool.stages,
    tools: await createToolKit({
      settings: toToolSettings(config),
      code: providers.tools.map(({ name, provider }) => ({ name, provider })),
      clock,
      metrics,
    }).catch(async (error: unknown) => {
      await providers.close()
      throw error
    }),
    vad: providers.vad && createVadTap(providers.vad.provider, frameClock, clock, metrics),
  }
  const speechCache = openSpeechCache({
    dir: config['speech-cache'].dir,
    maxBytes: config['speech-cache'].max_mb * 1024 * 1024,
    log,
  })
  const sessions = new Set<CallSession>()
  const settled = new Set<Promise<void>>()
  let draining = false

  function onCall(call: TransportCall): void {
    const startedAtWallMs = clock.wallMs()
    const base = callFileBase(config.record.dir, startedAtWallMs, call.id)
    const recorder = createCallRecorder({ callId: call.id, pipeline: config.name, startedAtWallMs })
    const callLog = log.child({ call: call.id, pipeline: config.name, transport: providers.transport.name })
    const telemetry = createCallTelemetry({
      log: callLog,
      metrics,
      clock,
      onEvent(event) {
        recorder.onEvent(event)
        options.onEvent?.(event, call.id)
      },
    })
    const recording = config.record.audio
      ? openCallRecording({ base, call, kept: config.record.format, clock, log: callLog, metrics })
      : undefined
    const taps: CallTap[] = recording ? [recording.tap] : []
    const session = startCallSession({
      call,
      settings,
      stages,
      clock,
      frameClock,
      telemetry,
      taps,
      speechCache,
    })
    sessions.add(session)
    metrics.gauge('active_calls', sessions.size)
    const over = session.done.then(async (outcome) => {
      sessions.delete(session)
      metrics.gauge('active_calls', sessions.size)
      for (const [name, value] of Object.entries(outcome.counters)) {
        // A greatest depth cannot be added up over calls.
        if (!name.includes('_max_')) metrics.count(`${name}_total`, value)
      }
      const counters = { ...outcome.counters, ...(await recording?.counters) }
      await keep(base, recorder.finish({ ...outcome, counters }), recording !== undefined, callLog)
    })
    settled.add(over)
    // Whatever goes wrong after a call must not reach the process.
    const told = over.catch((error: unknown) =>
      callLog.error({ error: String(error) }, 'CALL: closing failed'),
    )
    void told.finally(() => settled.delete(over))
  }

  async function keep(base: string, record: CallRecord, audio: boolean, callLog: Logger): Promise<void> {
    const kept = { transcript: config.record.transcript, callRecord: config.record.call_record }
    try {
      const files = await writeCallFiles(base, record, kept)
      options.onRecord?.(record, audio ? [`${base}.wav`, ...files] : files)
    } catch (error) {
      callLog.error({ base, error: String(error) }, 'RECORD: the call’s files could not be written')
      options.onRecord?.(record, [])
    }
  }

  const presynthesis = new AbortController()
  const { greeting, fallbackLine, transferFailedLine, idle } = settings.conversation
  const idleTexts = idle.afterMs > 0 ? [...idle.prompts, idle.farewell] : []
  const fixedTexts = [
    greeting,
    fallbackLine,
    ...(config.tools.transfer ? [transferFailedLine] : []),
    ...idleTexts,
  ]
  void presynthesize(
    // As a call speaks them; a text with values of the call in it is different on every call.
    fixedTexts
      .filter((text) => !text.includes('{{'))
      .map((text) => prepareForSpeech(text, settings.conversation.speechText))
      .filter((text) => text !== ''),
    {
      ...settings.conversation,
      voices: stages.tts,
      format: MULAW_8K,
      cache: speechCache,
      clock,
      log,
      metrics,
      signal: presynthesis.signal,
    },
  )

  providers.transport.provider.attach({
    route: http.route,
    upgrade: http.upgrade,
    refusal: () => (draining ? 'draining' : undefined),
    onCall,
  })

  return {
    providers: pool,
    get activeCalls() {
      return sessions.size
    },
    drain() {
      draining = true
    },
    async idle() {
      while (settled.size > 0) await Promise.all(settled)
    },
    async close() {
      draining = true
      presynthesis.abort()
      pool.close()
      for (const session of sessions) session.hangUp('shutdown')
      while (settled.size > 0) await Promise.all(settled)
      await providers.close()
    },
  }
}
