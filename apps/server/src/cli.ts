import { isKavError, messageOf } from '@kav/core'
import { Command } from 'commander'
import { withAskedHelp } from './words/asked-help.ts'
import { addCommands } from './command-line.ts'
import { type EnvFile, loadEnvFile } from './env-file.ts'
import { processEnvironment } from './environment.ts'
import { PipelineProblems } from './open-pipeline.ts'
import { ownVersion } from './own-version.ts'
import { visible } from './privacy/control-characters.ts'
import { hideEnvironment, withoutSecrets } from './privacy/secrets.ts'
import { keepStdout, type WriteStdout } from './process/kept-stdout.ts'
import { catchStrayFaults, type StrayFaults, strayLine } from './process/stray-faults.ts'
import { tellUnexpectedEnd } from './process/unexpected-end.ts'
import { UnusableFile } from './score/unusable-file.ts'
import { WrongUse } from './wrong-use.ts'

export { endProcess } from './process/end-process.ts'

/** The `kav` command line. Exit codes: 0 all is well, 1 what was asked for failed, 2 the command or a file is wrong. */
export async function runCli(argv: readonly string[]): Promise<number> {
  let exitCode = 0
  const env = processEnvironment()
  let envFile: EnvFile | undefined
  try {
    envFile = loadEnvFile(env)
    tellPassedOver(envFile)
  } catch (error) {
    return codeOf(error)
  }
  hideEnvironment(env)
  const write = keepStdout()
  const output = openOutput(write)
  const strays = catchStrayFaults()
  const program = new Command('kav')
    .description('Voice agents on the phone: a YAML pipeline, one writer to STT, one writer to the wire.')
    .showHelpAfterError('(kav --help shows the commands)')
    .version(ownVersion(), '-V, --version', 'print the version')
    .exitOverride()
    .configureOutput({ writeOut: output.take })
  addCommands(program, {
    env,
    envFile,
    print: output.print,
    reveal: (line) => void write(`${visible(line)}\n`),
    write,
    strays,
    onDone: (code) => (exitCode = code),
  })
  const done = tellUnexpectedEnd(argv[0] ?? '')
  try {
    await program.parseAsync(withAskedHelp(program, argv), { from: 'user' }).catch(unlessShown)
    await output.written()
    return tellStrays(strays) && exitCode === 0 ? 1 : exitCode
  } catch (error) {
    tellStrays(strays)
    return codeOf(error)
  } finally {
    strays.end()
    done()
  }
}

function tellPassedOver(envFile: EnvFile | undefined): void {
  if (envFile === undefined || envFile.passedOver.length === 0) return
  const { file, passedOver } = envFile
  const lines = passedOver.length === 1 ? `line ${passedOver[0]} is` : `lines ${passedOver.join(', ')} are`
  process.stderr.write(`kav: ${file}: ${lines} no NAME=value, and passed over\n`)
}

/** Of those that the command has not told itself; gives whether one is nobody's, and so perhaps Kav's own. */
function tellStrays(strays: StrayFaults): boolean {
  const rest = strays.rest()
  for (const fault of rest) process.stderr.write(`${shown(`kav: ${strayLine(fault)}`)}\n`)
  return rest.some(({ plugin }) => plugin === undefined)
}

/** A full disk ends no command, and is not passed over: half a report must not look like a whole one. */
function openOutput(write: WriteStdout) {
  let lost: NodeJS.ErrnoException | undefined
  process.stdout.on('error', ignoreError)
  process.stderr.on('error', ignoreError)
  const take = (text: string): void =>
    void write(text, (error: NodeJS.ErrnoException | null | undefined) => {
      // Whoever reads the output may have seen enough: `kav plugins | head`.
      if (error && error.code !== 'EPIPE') lost ??= error
    })
  return {
    take,
    print: (line: string) => take(`${shown(line)}\n`),
    /** Rejects when what was printed is not all there. */
    async written() {
      // A stream tells of its errors a little later.
      await new Promise((resolve) => setImmediate(resolve))
      if (lost) throw new Error(`the output could not be written: ${lost.message}`)
    },
  }
}

function ignoreError(): void {}

/** Help, or the version: it was asked for. */
function unlessShown(error: unknown): void {
  if (!isCommanderExit(error) || error.exitCode !== 0) throw error
}

function codeOf(error: unknown): number {
  if (isCommanderExit(error)) return 2
  const isProblems = error instanceof PipelineProblems
  process.stderr.write(`${isProblems ? '' : 'kav: '}${shown(messageOf(error))}\n`)
  return isProblems || isOfItsUser(error) ? 2 : 1
}

/** What the phone was given to say, where it was to write, and a plugin that has no suite to be checked by. */
const CODES_OF_FILES = [
  'KAV_PHONE_SCRIPT_INVALID',
  'KAV_PHONE_AUDIO_INVALID',
  'KAV_PHONE_RECORD_UNWRITABLE',
  'KAV_PLUGIN_SUITE',
]

/** What was written on the command line is wrong, or a file that stands there. */
function isOfItsUser(error: unknown): boolean {
  if (error instanceof UnusableFile || error instanceof WrongUse) return true
  return isKavError(error) && CODES_OF_FILES.includes(error.code)
}

function shown(text: string): string {
  return visible(withoutSecrets(text))
}

function isCommanderExit(error: unknown): error is { exitCode: number } {
  return (
    error instanceof Error &&
    'exitCode' in error &&
    'code' in error &&
    String(error.code).startsWith('commander.')
  )
}
