import type { FileText, Problem } from '@kav/core/host'
import type { Environment } from '../environment.ts'

/** A text that is to be checked as a pipeline file. */
export interface CheckAsk {
  /** Gives the place that relative paths start from. */
  readonly file: string
  /** Absent: the file is read. */
  readonly text?: FileText
  readonly env: Environment
  /** Nothing but these is imported, however the text names it. Absent: whatever it names is. */
  readonly only?: readonly { readonly name: string; readonly baseDir: string }[]
}

/** What came of it, without secrets of the text: plain data, for it crosses from one thread to another. */
export interface CheckedText {
  readonly yaml: string
  readonly problems: readonly Problem[]
  /** Absent where something cannot be used, or was not checked. */
  readonly version?: string
  /** With all defaults and variables; what only its name says is secret is masked. */
  readonly effective?: unknown
}
