import {
  isKavError,
  KavError,
  messageOf,
  type PluginContext,
  type PluginKind,
  type ProviderByKind,
} from '../contracts/index.ts'
import { delay } from '../kit/deadline.ts'
import { framesOf } from '../contracts/stack-frames.ts'
import { nameInstances } from './instance-names.ts'
import type { LoadedStage, LoadedStages } from './loaded-stages.ts'
import { misspeltFields, providerFault } from './provider-shape.ts'
import { asPlugin } from './plugin-at-work.ts'
import { refuseExit } from './refuse-exit.ts'
import { placeInFrames } from './source-place.ts'
import { Redactor, secretsOf } from '../kit/secrets/index.ts'

export interface RunningProvider<Kind extends PluginKind> {
  readonly kind: Kind
  /** The plugin's short name, for logs and metrics; told apart where one plugin stands for several (`nameInstances`). */
  readonly name: string
  readonly provider: ProviderByKind[Kind]
}

/** Something odd about a provider that was made, and no reason to refuse it. */
export interface StageDoubt {
  /** Where the plugin is named in the file: `['stt', 'plugin']`. */
  readonly path: readonly (string | number)[]
  readonly message: string
}

/** The providers of one pipeline, but for transport and store: more than one pipeline may stand behind those. */
export interface Providers {
  readonly stt: readonly RunningProvider<'stt'>[]
  readonly llm: readonly RunningProvider<'llm'>[]
  readonly tts: readonly RunningProvider<'tts'>[]
  readonly realtime?: RunningProvider<'realtime'>
  readonly languages: ReadonlyMap<
    string,
    { readonly stt?: RunningProvider<'stt'>; readonly tts?: RunningProvider<'tts'> }
  >
  readonly vad?: RunningProvider<'vad'>
  readonly turn?: RunningProvider<'turn'>
  readonly sttDenoise?: RunningProvider<'denoise'>
  readonly vadDenoise?: RunningProvider<'denoise'>
  readonly tools: readonly RunningProvider<'tool'>[]
  readonly doubts: readonly StageDoubt[]
  /** Closes all. Every one is closed even when another fails; the errors come joined. */
  close(): Promise<void>
}

/** Makes what brings the calls in; does no I/O itself. Throws as `createProviders` does. */
export function createTransport(
  stage: LoadedStage<'transport'>,
  context: PluginContext,
): RunningProvider<'transport'> {
  return createProvider(stage, stage.plugin.name, () => context)
}

/** Makes what keeps the calls; files that name the same share one. Throws as `createProviders` does. */
export function createCallStore(
  stage: LoadedStage<'store'>,
  context: PluginContext,
): RunningProvider<'store'> {
  return createProvider(stage, stage.plugin.name, () => context)
}

export interface TriedProviders {
  /** As `createProviders` throws them, with the stage's `path` in their details. */
  readonly refused: readonly KavError[]
  readonly doubts: readonly StageDoubt[]
}

/**
 * Makes each provider of a pipeline, the transport too, and closes it at once: what `create` refuses is told before a
 * call comes. Never rejects.
 */
export async function tryProviders(stages: LoadedStages, context: PluginContext): Promise<TriedProviders> {
  const { transport, stt, llm, tts, realtime, vad, turn, sttDenoise, vadDenoise, store } = stages
  const { tools, languages } = stages
  const single = [realtime, vad, turn, sttDenoise, vadDenoise, store].filter((stage) => stage !== undefined)
  const others = [...languages.values()].flatMap(({ stt: hears, tts: speaks }) =>
    [hears ?? [], speaks ?? []].flat(),
  )
  const doubts: StageDoubt[] = []
  const tried = [transport, ...stt, ...llm, ...tts, ...single, ...tools, ...others].map(async (stage) => {
    try {
      const { provider } = createProvider(stage, stage.plugin.name, () => context)
      doubts.push(...doubtsOf(stage, provider))
      const late = await closedLate(stage, async () => provider.close(), context)
      if (late) doubts.push(late)
      return []
    } catch (error) {
      return isKavError(error) ? [error] : []
    }
  })
  return { refused: (await Promise.all(tried)).flat(), doubts }
}

/** Closing what was never used is a matter of milliseconds. */
const CLOSE_LIMIT_MS = 5_000

/** Whoever tries a pipeline is not to wait for ever. */
async function closedLate(
  { path, plugin }: LoadedStage,
  close: () => Promise<void>,
  { clock }: PluginContext,
): Promise<StageDoubt | undefined> {
  const message = `plugin "${plugin.name}": close has not settled within ${CLOSE_LIMIT_MS / 1000} s of a provider that was never used`
  const closed = new AbortController()
  const inTime = close().then(() => true)
  const late = delay(clock, CLOSE_LIMIT_MS, closed.signal).then(() => false)
  try {
    return (await Promise.race([inTime, late])) ? undefined : { path: [...path, 'plugin'], message }
  } finally {
    closed.abort()
  }
}

function doubtsOf({ kind, path, plugin }: LoadedStage, provider: object): readonly StageDoubt[] {
  return misspeltFields(kind, provider).map((message) => ({
    path: [...path, 'plugin'],
    message: `plugin "${plugin.name}": ${message}`,
  }))
}

/**
 * Makes every provider of a pipeline but transport and store; does no I/O itself. When one cannot be made, those already made are closed
 * and a `KavError` with code `KAV_PLUGIN_CREATE` names the plugin and the stage.
 */
export async function createProviders(
  stages: LoadedStages,
  contextFor: (stage: LoadedStage, name: string) => PluginContext,
): Promise<Providers> {
  const made: RunningProvider<PluginKind>[] = []
  const doubts: StageDoubt[] = []
  const names = nameInstances(stages)
  function create<Kind extends PluginKind>(stage: LoadedStage<Kind>): RunningProvider<Kind> {
    const running = createProvider(stage, names.get(stage) ?? stage.plugin.name, contextFor)
    made.push(running)
    doubts.push(...doubtsOf(stage, running.provider))
    return running
  }
  try {
    const stt = stages.stt.map((stage) => create(stage))
    const llm = stages.llm.map((stage) => create(stage))
    const tts = stages.tts.map((stage) => create(stage))
    const realtime = stages.realtime === undefined ? {} : { realtime: create(stages.realtime) }
    const vad = stages.vad === undefined ? {} : { vad: create(stages.vad) }
    const turn = stages.turn === undefined ? {} : { turn: create(stages.turn) }
    const denoise = {
      ...(stages.sttDenoise && { sttDenoise: create(stages.sttDenoise) }),
      ...(stages.vadDenoise && { vadDenoise: create(stages.vadDenoise) }),
    }
    const tools = stages.tools.map((stage) => create(stage))
    const languages = new Map(
      [...stages.languages].map(([tag, { stt: hears, tts: speaks }]) => [
        tag,
        { ...(hears && { stt: create(hears) }), ...(speaks && { tts: create(speaks) }) },
      ]),
    )
    const close = (): Promise<void> => closeAll(made)
    return { stt, llm, tts, ...realtime, ...vad, ...turn, ...denoise, languages, tools, doubts, close }
  } catch (error) {
    await closeAll(made).catch(() => undefined)
    throw error
  }
}

function createProvider<Kind extends PluginKind>(
  stage: LoadedStage<Kind>,
  name: string,
  contextFor: (stage: LoadedStage, name: string) => PluginContext,
): RunningProvider<Kind> {
  const { kind, plugin } = stage
  try {
    const context = contextFor(stage, name)
    const provider: unknown = asPlugin({ name: stage.package, stage }, () =>
      refuseExit(() => plugin.create(stage.params, context)),
    )
    const wrong = providerFault(kind, provider)
    if (wrong !== undefined) throw new KavError('KAV_PLUGIN_CREATE', wrong)
    return { kind, name, provider: provider as ProviderByKind[Kind] }
  } catch (error) {
    const place = isKavError(error) ? undefined : placeInFrames(framesOf(error))
    const thrown = `${messageOf(error)}${place === undefined ? '' : ` (at ${place})`}`
    const redactor = new Redactor()
    for (const secret of secretsOf(stage.params).texts) redactor.add(secret)
    const why = redactor.clean(thrown)
    const message = `${kind}: plugin "${name}" (${stage.package}) could not be made: ${why}`
    const details = { stage: kind, plugin: name, package: stage.package, path: stage.path }
    // A cause is logged as it is, so one that tells a secret is left behind.
    throw new KavError('KAV_PLUGIN_CREATE', message, { details, ...(why === thrown ? { cause: error } : {}) })
  }
}

/** All at once: one that takes its time to close does not keep the rest open. */
async function closeAll(made: readonly RunningProvider<PluginKind>[]): Promise<void> {
  const closed = await Promise.allSettled(made.map(async ({ provider }) => provider.close()))
  const errors = closed.flatMap((outcome): unknown[] =>
    outcome.status === 'rejected' ? [outcome.reason] : [],
  )
  if (errors.length === 1) throw errors[0]
  if (errors.length > 1) throw new AggregateError(errors, 'several providers failed to close')
}
