import type { Static, TSchema } from '@sinclair/typebox'
import type { CallStore } from './call-store.ts'
import type { Clock } from './clock.ts'
import type { DenoiseProvider } from './denoise.ts'
import type { LlmProvider } from './llm.ts'
import type { Logger } from './logger.ts'
import type { Metrics } from './metrics.ts'
import type { RealtimeProvider } from './realtime.ts'
import type { SttProvider } from './stt.ts'
import type { ToolProvider } from './tool.ts'
import type { TransportProvider } from './transport.ts'
import type { TransportDouble } from './transport-double.ts'
import type { TtsProvider } from './tts.ts'
import type { TurnProvider } from './turn.ts'
import type { VadProvider } from './vad.ts'

/** Each plugin kind and what its factory makes. */
export interface ProviderByKind {
  readonly transport: TransportProvider
  readonly stt: SttProvider
  readonly llm: LlmProvider
  readonly tts: TtsProvider
  readonly vad: VadProvider
  readonly turn: TurnProvider
  readonly denoise: DenoiseProvider
  readonly tool: ToolProvider
  readonly realtime: RealtimeProvider
  readonly store: CallStore
}

export type PluginKind = keyof ProviderByKind

export const PLUGIN_KINDS: readonly PluginKind[] = [
  'transport',
  'stt',
  'llm',
  'tts',
  'vad',
  'turn',
  'denoise',
  'tool',
  'realtime',
  'store',
]

/** What the host lends a provider for its whole life. */
export interface PluginContext {
  readonly log: Logger
  readonly metrics: Metrics
  readonly clock: Clock
  /** Directory of the pipeline file: relative paths in params start here. */
  readonly baseDir: string
}

/** Something about checked params that their schema cannot judge; shown by `kav validate` with its line. */
export interface ParamWarning {
  /** `error`: `create` refuses these params, so nothing starts with them. Absent: legal, but likely wrong. */
  readonly severity?: 'error' | 'warning'
  /** Path inside params, `['region']` or `['fallback_regions', 0]`. */
  readonly path: readonly (string | number)[]
  readonly message: string
}

/** One line of what `kav plugins <name> --live`, `kav doctor` and `kav fetch` found. */
export interface LiveFinding {
  readonly level: 'ok' | 'warning' | 'error'
  readonly message: string
  /** What the operator does about it, one imperative sentence; every finding that is not ok has one. */
  readonly fix?: string
}

/** The contract of this version: what plugins and Kav promise each other. A change that breaks either has the next. */
export const CONTRACT = 1

/** A plugin is a value: no registration, no import side effect. */
export interface Plugin<Kind extends PluginKind = PluginKind, Schema extends TSchema = TSchema> {
  /** The contract it is written for; absent: 1. Another one than Kav's is refused before anything of it runs. */
  readonly contract?: typeof CONTRACT
  readonly kind: Kind
  /** Short name for logs and metrics, `google-stt`. */
  readonly name: string
  /** One line for `kav plugins`. */
  readonly description: string
  /** The only statement of the plugin's params: types, defaults, checks, docs and editor help come from it. */
  readonly params: Schema
  /** Combinations that the schema cannot judge. Pure; called with valid params. */
  check?(params: Static<Schema>): readonly ParamWarning[]
  /**
   * Looks at the files that params name (keys, tokens): what cannot be read or is none. Asked by `kav validate` only,
   * since files may come later. Paths start at `baseDir`. Never opens a connection.
   */
  checkFiles?(params: Static<Schema>, baseDir: string): Promise<readonly ParamWarning[]>
  /** Of a transport: the names that its calls have in `params`, so that a misspelt `{{name}}` is told. */
  callValues?(params: Static<Schema>): readonly string[]
  /**
   * Compares checked params with what the provider says today; asked for by a person with real credentials only
   * (`kav plugins <name> --live`, `kav doctor`). Ends within half a minute whatever the provider does. A provider that
   * refuses or does not answer is a finding, too; a finding holds no key and nothing of an answer's body but names.
   */
  liveCheck?(params: Static<Schema>, context: PluginContext): Promise<readonly LiveFinding[]>
  /**
   * Of a transport: comes in by the public address as the carrier would, without placing a call, and says what stands
   * in the way (DNS, TLS, proxies, signatures). Asked by `kav doctor`; the same bounds as with `liveCheck`.
   */
  reachCheck?(params: Static<Schema>, context: PluginContext): Promise<readonly LiveFinding[]>
  /** Of a transport: its carrier on this machine, for calls of `kav verify` and `kav test --live`. */
  double?(params: Static<Schema>): TransportDouble | Promise<TransportDouble>
  /**
   * Gets files that params name and no npm package carries (models), from where their makers publish them. Asked for by
   * a person only (`kav fetch`), who is shown what it gives. Files that are there already stay as they are.
   */
  fetch?(params: Static<Schema>, context: PluginContext): Promise<readonly LiveFinding[]>
  /** Makes the provider. Does no I/O: connections open on first use or in `warm`. */
  create(params: Static<Schema>, context: PluginContext): ProviderByKind[Kind]
}

/** This copy of the core; of plugins that another one made, `coreOf` gives that. A bundle may have no URL of its own. */
export const OWN_CORE: string = import.meta.url

/** Under this the core that made a plugin says which one it is. */
const MADE_BY = Symbol.for('kav.plugin.core')

/**
 * States a plugin with its types tied together. A package's default export is one plugin or an array of them
 * (at most one of each kind).
 */
export function definePlugin<Kind extends PluginKind, Schema extends TSchema>(
  plugin: Plugin<Kind, Schema>,
): Plugin<Kind, Schema> {
  return Object.freeze(Object.defineProperty(plugin, MADE_BY, { value: OWN_CORE }))
}

/** A module of the core that made a plugin; `undefined` of a plugin that was made by hand. */
export function coreOf(plugin: object): string | undefined {
  const made: unknown = (plugin as { readonly [MADE_BY]?: unknown })[MADE_BY]
  return typeof made === 'string' && made.startsWith('file:') ? made : undefined
}

/** A plugin whose params are known only to itself, as the loader holds it. */
export type AnyPlugin = { [K in PluginKind]: Plugin<K> }[PluginKind]
