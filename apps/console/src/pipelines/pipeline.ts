/** What the API says of pipelines. */

export interface RunningPipeline {
  readonly name: string
  readonly file: string
  readonly version: string
  readonly calls: number
  readonly able: boolean
  readonly refusing?: string
  readonly providers: readonly {
    readonly kind: string
    readonly provider: string
    readonly region?: string
    readonly state: 'closed' | 'open' | 'half-open'
    readonly code?: string
  }[]
}

export interface PipelineList {
  readonly pipelines: readonly RunningPipeline[]
}

export interface PipelineProblem {
  /** From 1. */
  readonly line: number
  /** From 1, in UTF-16 units. */
  readonly column: number
  readonly endColumn?: number
  readonly path?: string
  readonly level: 'error' | 'warning'
  readonly message: string
}

export interface PipelineFile {
  readonly name: string
  readonly file: string
  /** Of the text that runs. */
  readonly running: string
  /** Of the file as it is now; absent where it has errors. */
  readonly version?: string
  readonly yaml: string
  readonly problems: readonly PipelineProblem[]
  readonly effective?: unknown
}
