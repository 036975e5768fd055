import type { AnyPlugin, PluginKind } from '../contracts/index.ts'

/** One stage of a checked pipeline: the plugin and the params that are its own, defaults filled in. */
export interface LoadedStage<Kind extends PluginKind = PluginKind> {
  readonly kind: Kind
  /** Where it stands in the file: `['stt']`, `['stt', 'fallback', 0]`. */
  readonly path: readonly (string | number)[]
  /** The name as written in YAML: an npm package or a path. */
  readonly package: string
  readonly plugin: AnyPlugin
  readonly params: Readonly<Record<string, unknown>>
}

export interface LoadedStages {
  readonly transport: LoadedStage<'transport'>
  /** The configured one first, then its fallbacks. Empty in a pipeline with `realtime`, and only there. */
  readonly stt: readonly LoadedStage<'stt'>[]
  readonly llm: readonly LoadedStage<'llm'>[]
  readonly tts: readonly LoadedStage<'tts'>[]
  readonly realtime?: LoadedStage<'realtime'>
  /** Further languages by tag; a kind that is absent is as in the first language. */
  readonly languages: ReadonlyMap<
    string,
    { readonly stt?: LoadedStage<'stt'>; readonly tts?: LoadedStage<'tts'> }
  >
  /** Absent when the pipeline says `vad: off`. */
  readonly vad?: LoadedStage<'vad'>
  readonly turn?: LoadedStage<'turn'>
  /** Before every recogniser. */
  readonly sttDenoise?: LoadedStage<'denoise'>
  /** Before the voice detector. */
  readonly vadDenoise?: LoadedStage<'denoise'>
  readonly store?: LoadedStage<'store'>
  /** In the order of the file. */
  readonly tools: readonly LoadedStage<'tool'>[]
}
