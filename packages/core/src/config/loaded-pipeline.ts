import type { Clock } from '../contracts/clock.ts'
import type { LoadedStages, PluginLoader } from '../plugins/index.ts'
import type { RecordedLine, RecordedLines } from '../pipeline/replying/recorded-line.ts'
import type { Background } from '../pipeline/speaking/background.ts'
import type { Environment } from './source/env-text.ts'
import type { ErrorCode } from '../errors.ts'
import type { Path, Problem } from './source/problem.ts'
import type { NamedFile } from './named-files.ts'
import type { PipelineConfig } from './schema/pipeline.ts'

/** A stage the host fills in where the file says nothing. */
export interface DefaultStage {
  readonly plugin: string
  readonly params?: Readonly<Record<string, unknown>>
}

export interface LoadPipelineOptions {
  /** What `${NAME}` is taken from. */
  readonly env: Environment
  readonly loader: PluginLoader
  /** Paths that the host answers itself and no transport may have. */
  readonly reservedPaths?: readonly string[]
  /** Also look at the key files that params name. */
  readonly files?: boolean
  /** Bounds what a plugin does to look at its files; absent: it is waited for however long it takes. */
  readonly clock?: Clock
  readonly defaults?: {
    /** The detector of a pipeline without a `vad` stage. Absent: such a pipeline has none. */
    readonly vad?: DefaultStage
  }
}

/** A pipeline file that is right in every field. Holds secrets: for the plugins only, never for a log. */
export interface LoadedPipeline {
  /** Absolute path. */
  readonly file: string
  /** Directory of the file; relative paths in params start here. */
  readonly baseDir: string
  /** Of the file's text, for people: two files that say the same have the same. Not the values of variables. */
  readonly version: string
  readonly config: PipelineConfig
  /** The plugins with their own params, ready for `createProviders`. */
  readonly stages: LoadedStages
  /** What is played when no voice works. */
  readonly recordedLines: RecordedLines
  /** What is played while an answer is late. */
  readonly thinkingSound?: RecordedLine
  /** What is heard under the agent's voice and in its silence. */
  readonly background?: Background | undefined
  /** What was read once from files that the pipeline or params name. */
  readonly files: readonly NamedFile[]
  /** A problem that shows only later, at its place in this file: beside other files, unless `code` says otherwise. */
  problemAt(path: Path, message: string, code?: ErrorCode): Problem
}

export interface LoadPipelineSuccess {
  readonly ok: true
  readonly pipeline: LoadedPipeline
  readonly warnings: readonly Problem[]
}

export interface LoadPipelineFailure {
  readonly ok: false
  /** At least one error; warnings stand among them. In the order of the file. */
  readonly problems: readonly Problem[]
  /** As in `LoadedPipeline`, as far as the file could be read: one of them may be what is wrong. */
  readonly files: readonly NamedFile[]
}

export type LoadPipelineResult = LoadPipelineSuccess | LoadPipelineFailure
