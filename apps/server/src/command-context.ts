import type { EnvFile } from './env-file.ts'
import type { Environment } from './environment.ts'
import type { WriteStdout } from './process/kept-stdout.ts'
import type { StrayFaults } from './process/stray-faults.ts'

/** What a command is lent. */
export interface CommandContext {
  readonly env: Environment
  /** The `.env` that was read, if there was one. */
  readonly envFile: EnvFile | undefined
  readonly print: (line: string) => void
  /** Prints what `print` hides: for a secret that was asked for. */
  readonly reveal: (line: string) => void
  /** Standard output as it is. */
  readonly write: WriteStdout
  /** Errors that nobody caught; a command that tells of them itself leaves them. */
  readonly strays: StrayFaults
  /** Told the exit code of the command that ran. */
  readonly onDone: (exitCode: number) => void
}
