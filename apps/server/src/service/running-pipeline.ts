import { setImmediate } from 'node:timers/promises'
import {
  type CallPlace,
  type Clock,
  createToolKit,
  type Logger,
  type Metrics,
  MULAW_8K,
  type OfferedCall,
  type RecordingPlace,
  type TransportCall,
  type UnreachedCall,
  type UnreachedReason,
} from '@kav/core'
import { settleWithin } from '@kav/core/kit'
import {
  type CallStages,
  createProviderPool,
  createProviders,
  createTurnTap,
  createVadTap,
  deafRecognisers,
  denoisedProviders,
  denoiseFaults,
  formatPath,
  type LoadedPipeline,
  presynthesize,
  providerDoubts,
  type ProviderPool,
  type Providers,
  type Redaction,
  type ToolKit,
  toCallSettings,
  toRedaction,
  toToolSettings,
} from '@kav/core/host'
import { type Admission, createAdmission, insteadOf } from '../admission/admission.ts'
import type { CallRooms } from '../admission/call-rooms.ts'
import type { CallDesk } from '../calls/call-desk.ts'
import { fixedTexts } from '../calls/fixed-texts.ts'
import { openPipelineHooks, type PipelineHooks } from '../hooks/pipeline-hooks.ts'
import { redactedLog } from '../privacy/redacted-log.ts'
import type { Storage } from '../process/storage.ts'
import { openRecordingPlace } from '../recording/open-recording-place.ts'
import { openUploads, type Uploads } from '../recording/uploads.ts'
import { readTicket } from './call-ticket.ts'
import { closeTold } from './close-told.ts'
import { openDesk } from './pipeline-desk.ts'
import type { ServiceParts } from './service-parts.ts'
import { toldToAll } from './told-to-all.ts'
import { createSloCounters, type SloCounters } from '../slo/slo-counters.ts'
import { type FolderSpeechCache, openSpeechCache } from '../speech-cache.ts'
import { warmUp } from '../warm-up.ts'

/** One pipeline that takes calls, whoever brings them. */
export interface RunningPipeline {
  readonly loaded: LoadedPipeline
  readonly activeCalls: number
  /** It takes no call any more, promised or not. */
  readonly isClosed: boolean
  /** Whether a new call would be taken, and what was promised to the carrier already. */
  readonly admission: Pick<
    Admission,
    'admit' | 'admitPromised' | 'ring' | 'refusing' | 'promised' | 'free' | 'passesOn'
  >
  /** What is known of each provider, and whether every stage has one that may work. */
  readonly providers: Pick<ProviderPool, 'states' | 'able'>
  /** Where finished recordings go; `undefined`: they stay in the folder. */
  readonly uploads: Pick<Uploads, 'put'> | undefined
  /** Resolves when the first call need wait for nothing, or after some seconds at the latest. Never rejects. */
  readonly warmedUp: Promise<void>
  /** Services of the operator's that are asked and told of calls. */
  readonly hooks: Pick<PipelineHooks, 'beforeCall' | 'afterCall'>
  /** Runs a call on a place that `admission` gave. */
  take(call: TransportCall, place: CallPlace): void
  /** Keeps and tells of a call that was placed and reached nobody. */
  unreached(call: UnreachedCall & { readonly reason: UnreachedReason }): void
  /** No new calls from now on. */
  drain(): void
  /** The same, since another one has the new calls of this name: what its gauges say is that one's. */
  leave(): void
  /** Resolves when no call is running, and the files of those that ran are written. */
  idle(): Promise<void>
  /**
   * Ends what still runs, writes its files, and closes every provider: within `CLOSE_LIMIT_MS`, whatever hangs. An
   * abort of `hurry` means that calls which do not end are waited for no longer; their files are written all the same.
   */
  close(hurry?: AbortSignal): Promise<void>
}

export interface RunPipelineOptions extends ServiceParts {
  readonly pipeline: LoadedPipeline
  readonly rooms: (name: string) => CallRooms
}

/** What calls get to be hung up, and to end in good order. */
const CALLS_LIMIT_MS = 1800
/** All of `close`, whatever hangs: what calls leave of it is for their files, what these leave for the providers. */
const CLOSE_LIMIT_MS = 3000
/** In the last of the files' time no record waits for a recording any more. */
const HURRY_MS = 500
const PROVIDERS_LEAST_MS = 500
/** A stream follows its webhook within seconds, or its caller has given up. */
const PROMISED_LIMIT_MS = 10_000
/** A disk that hangs must not keep the greeting from being prepared. */
const CACHE_LIMIT_MS = 2000

/** Makes the providers of a checked pipeline and warms them up. Throws `KavError` for one that cannot be made. */
export async function runPipeline(options: RunPipelineOptions): Promise<RunningPipeline> {
  const { pipeline, storage, clock, log } = options
  const { config } = pipeline
  const figures = options.metrics.ofPipeline(config.name)
  const { metrics } = figures
  const settings = toCallSettings(config)
  const redaction = toRedaction(config)
  const { providers, tools, place } = await makeParts(options, redaction, metrics)
  // From here on nothing fails: what does something by itself would go on with it.
  const uploads = place && openUploadsTo(place, options, metrics)
  const pool = createProviderPool(providers, { ...settings.conversation, clock, metrics, log })
  const stages = stagesOf(options, { providers, tools, pool, metrics })
  const { dir, max_mb: maxMb } = config['speech-cache']
  const speechCache = openSpeechCache({ dir, maxBytes: maxMb * 1024 * 1024, log, metrics, storage })
  const hooks = openHooks(options, providers, metrics)
  const slo =
    config.slo && createSloCounters(config.slo, { pipeline: config.name, metrics, burns: options.burns })
  const parts = { settings, stages, speechCache, figures, redaction, uploads, hooks }
  const listeners = [hooks.onEvent?.onEvent, slo?.onEvent, options.onEvent]
  const desk = openDesk({ ...options, onEvent: toldToAll(listeners) }, parts, providers)

  const closing = new AbortController()
  const greeting = prepareSpeech(fixedTexts(settings, config.tools), speechCache, {
    ...settings.conversation,
    spokenLanguage: settings.conversation.language,
    voices: stages.tts,
    format: MULAW_8K,
    clock,
    log,
    metrics,
    signal: closing.signal,
  })
  const warmedUp = warmUp({ providers, greeting, clock, log, metrics })

  const admission = openAdmission(options, metrics, slo)
  /** One that was replaced is closed behind its last call, and by the end of the service. */
  let closed: Promise<void> | undefined

  async function close(hurry?: AbortSignal): Promise<void> {
    const endMs = clock.nowMs() + CLOSE_LIMIT_MS
    admission.drain()
    admission.close()
    closing.abort()
    pool.close()
    desk.hangUpAll()
    await settleWithin(clock, CALLS_LIMIT_MS, Promise.race([desk.ended(), aborted(hurry)]))
    desk.cutShort()
    // The files first: a provider that never comes back from its `close` may take the process with it.
    await writeLast(endMs - PROVIDERS_LEAST_MS - clock.nowMs(), { desk, storage, clock, log })
    const left = Math.max(0, endMs - PROVIDERS_LEAST_MS - clock.nowMs())
    await settleWithin(clock, left, Promise.all([hooks.close(left), uploads?.close(0)]))
    await settleWithin(clock, Math.max(0, endMs - clock.nowMs()), closeProviders(providers, log))
    figures.close()
  }

  return {
    loaded: pipeline,
    admission,
    providers: pool,
    uploads,
    warmedUp,
    hooks,
    get activeCalls() {
      return desk.active()
    },
    get isClosed() {
      return closing.signal.aborted
    },
    take(call, place) {
      admission.taken(place, offeredCall(call, place))
      desk.take(call, () => admission.ended(place))
    },
    unreached: desk.unreached,
    drain: admission.drain,
    leave() {
      admission.drain()
      admission.close()
      figures.leave()
    },
    async idle() {
      await admission.noneAwaited(PROMISED_LIMIT_MS)
      await desk.ended()
      await desk.kept()
    },
    close: (hurry) => (closed ??= close(hurry)),
  }
}

/** As it was offered: the pipeline stands in it where it was placed for it. */
function offeredCall({ id, params }: TransportCall, { ticket }: CallPlace): OfferedCall {
  const said = readTicket(ticket)
  const placed = said?.placed ? { pipeline: said.pipeline } : {}
  return { id, from: params['from'], to: params['to'], ...placed }
}

/** What may not be there, or be wrong. Where one of it fails, nothing is left of the others. */
async function makeParts(
  options: RunPipelineOptions,
  redaction: Redaction | undefined,
  metrics: Metrics,
): Promise<{ providers: Providers; tools: ToolKit; place: RecordingPlace | undefined }> {
  const { pipeline, clock, log } = options
  const providers = await makeProviders(options, redaction, metrics)
  try {
    const tools = await createToolKit({
      settings: toToolSettings(pipeline.config),
      code: providers.tools.map(({ name, provider }) => ({ name, provider })),
      clock,
      metrics,
    })
    return { providers, tools, place: await openPlaceOf(pipeline) }
  } catch (error) {
    await closeProviders(providers, log)
    throw error
  }
}

async function makeProviders(
  { pipeline, clock, log }: RunPipelineOptions,
  redaction: Redaction | undefined,
  metrics: Metrics,
): Promise<Providers> {
  const redactions = (): readonly Redaction[] => (redaction === undefined ? [] : [redaction])
  const providers = await createProviders(pipeline.stages, (_stage, name) => ({
    log: redactedLog(log.child({ plugin: name }), { redactions, metrics }),
    metrics,
    clock,
    baseDir: pipeline.baseDir,
  }))
  const [fault] = [...deafRecognisers(pipeline, providers), ...denoiseFaults(pipeline.stages, providers)]
  if (fault) {
    await closeProviders(providers, log)
    throw fault
  }
  tellDoubts(pipeline, providers, log)
  return denoisedProviders(providers, { clock, metrics, log: log.child({ pipeline: pipeline.config.name }) })
}

function tellDoubts({ config }: LoadedPipeline, providers: Providers, log: Logger): void {
  for (const { path, message } of [...providers.doubts, ...providerDoubts(config, providers)])
    log.warn({ pipeline: config.name, warning: `${formatPath(path)}: ${message}` }, 'CONFIG: warning')
}

/** Speaks into the cache what calls will say. Resolves when the first text, the greeting, is there or cannot be. */
async function prepareSpeech(
  [greeting, ...others]: readonly string[],
  cache: FolderSpeechCache,
  parts: Omit<Parameters<typeof presynthesize>[1], 'cache'>,
): Promise<void> {
  const speak = (texts: readonly string[]): Promise<void> => presynthesize(texts, { ...parts, cache })
  await settleWithin(parts.clock, CACHE_LIMIT_MS, cache.loaded)
  if (greeting === undefined) return
  await speak([greeting])
  void speak(others)
}

async function writeLast(
  limitMs: number,
  parts: { desk: CallDesk; storage: Storage; clock: Clock; log: Logger },
): Promise<void> {
  const { desk, storage, clock, log } = parts
  const written = (waitMs: number): Promise<void> =>
    settleWithin(clock, waitMs, Promise.all([desk.kept(), storage.settled(waitMs)]))
  await written(limitMs - HURRY_MS)
  desk.hurry()
  const endMs = clock.nowMs() + HURRY_MS
  await written(HURRY_MS)
  // One may have followed on another meanwhile.
  const waiting = storage.pending
  if (waiting > 0 && !(await storage.settled(Math.max(0, endMs - clock.nowMs()))))
    log.error({ waiting }, 'STORAGE: not everything could be written')
}

function aborted(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) resolve()
    else signal?.addEventListener('abort', () => resolve(), { once: true })
  })
}

function stagesOf(
  { pipeline, frameClock, clock }: RunPipelineOptions,
  parts: { providers: Providers; tools: ToolKit; pool: ProviderPool; metrics: Metrics },
): CallStages {
  const { providers, tools, pool, metrics } = parts
  return {
    ...pool.stages,
    recordedLines: pipeline.recordedLines,
    ...(pipeline.thinkingSound && { thinkingSound: pipeline.thinkingSound }),
    ...(pipeline.background && { background: pipeline.background }),
    tools,
    vad: providers.vad && createVadTap(providers.vad.provider, frameClock, clock, metrics),
    ...(providers.turn && { turn: createTurnTap(providers.turn.provider, clock, metrics) }),
  }
}

function openAdmission(
  { pipeline, rooms, lag, clock, log }: RunPipelineOptions,
  metrics: Metrics,
  slo: SloCounters | undefined,
): Admission {
  const { limits, name } = pipeline.config
  const own = { limits, rooms: rooms(name), lag, clock, log: log.child({ pipeline: name }), metrics }
  return createAdmission({ ...own, onRefused: slo?.onRefused })
}

/** Throws a `KavError` where the package of the place is not installed. */
async function openPlaceOf({ config: { record } }: LoadedPipeline): Promise<RecordingPlace | undefined> {
  return record.upload && record.audio ? await openRecordingPlace(record.upload) : undefined
}

function openUploadsTo(
  place: RecordingPlace,
  { pipeline, storage, clock, log }: RunPipelineOptions,
  metrics: Metrics,
): Uploads {
  const { upload, dir } = pipeline.config.record
  return openUploads({ place, dir, keepLocal: upload!.s3.keep_local, storage, clock, log, metrics })
}

function openHooks(
  { pipeline: { config }, storage, clock, log, traces }: RunPipelineOptions,
  providers: Providers,
  metrics: Metrics,
): PipelineHooks {
  const models = providers.llm.map(({ provider }) => provider)
  const instead = insteadOf('full', config.limits)
  return openPipelineHooks({
    ...{ config, models, instead, storage, clock, log, metrics },
    traceparentOf: traces?.traceparentOf,
  })
}

async function closeProviders(providers: Providers, log: Logger): Promise<void> {
  // One may never come back: the log gets its turn first.
  await setImmediate()
  await closeTold(providers, log)
}
