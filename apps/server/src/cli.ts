import { Command, InvalidArgumentError } from 'commander'
import { processEnvironment, readEnvironment } from './environment.ts'
import { PipelineProblems } from './open-pipeline.ts'

const collect = (value: string, before: string[] | undefined): string[] => [...(before ?? []), value]

function portNumber(text: string): number {
  const port = Number(text)
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new InvalidArgumentError('a port is 0 to 65535')
  return port
}

/**
 * The `kav` command line. Exit codes: 0 all is well, 1 what was asked for failed, 2 the command or a file is wrong.
 * Commands are imported when they are used, so that `--help` is quick.
 */
export async function runCli(argv: readonly string[]): Promise<number> {
  const print = (line: string): void => void process.stdout.write(`${line}\n`)
  const env = processEnvironment()
  let exitCode = 0
  const program = new Command('kav')
    .description('Voice agents on the phone: a YAML pipeline, one writer to STT, one writer to the wire.')
    .showHelpAfterError('(kav --help shows the commands)')
    .exitOverride()

  program
    .command('serve')
    .description('take calls: HTTP and WebSocket on one port, until SIGTERM')
    .argument('[pipeline]', 'pipeline file; the embedded demo when absent')
    .option('-p, --port <number>', 'port; PORT or 8080 when absent', portNumber)
    .option('--host <address>', 'address to listen on; all when absent')
    .action(async (file: string | undefined, options: { port?: number; host?: string }) => {
      const { serve } = await import('./commands/serve.ts')
      exitCode = await serve(file, options, readEnvironment(env))
    })

  program
    .command('validate')
    .description('check pipeline files: every problem with file:line:column')
    .argument('<files...>')
    .action(async (files: string[]) => {
      const { validate } = await import('./commands/validate.ts')
      exitCode = await validate(files, env, print)
    })

  program
    .command('verify')
    .description('place a test call to a pipeline on this machine and print the acceptance checklist')
    .argument('<pipeline>')
    .option('--script <file>', 'what the caller does (see packages/phone/README.md)')
    .option('--say <wav>', 'what the caller says; may be given several times', collect)
    .option('--live', 'print the call as it happens')
    .option('--json', 'print everything measured as JSON')
    .action(async (file: string, options: object) => {
      const { verify } = await import('./commands/verify.ts')
      exitCode = await verify(file, options, env, print)
    })

  program
    .command('test')
    .description(
      'play scripted conversations on fakes, in milliseconds; all of pipelines/tests when none is named',
    )
    .argument('[scripts...]')
    .option('--events', 'print what happened in every conversation that fails')
    .option('--pipeline <file>', 'test this pipeline in place of the one a script names')
    .option('--live', 'play the scripts in real time, on the real plugins of the pipeline')
    .action(async (files: string[], options: object) => {
      const { testConversations } = await import('./commands/test.ts')
      exitCode = await testConversations(files, options, env, print)
    })

  program
    .command('call')
    .description('place a call to a running server, as Twilio would')
    .argument('<webhook>', 'the voice webhook, http://127.0.0.1:8080/twilio/voice')
    .option('--script <file>', 'what the caller does (see packages/phone/README.md)')
    .option('--say <wav>', 'what the caller says; may be given several times', collect)
    .option('--record <wav>', 'write a stereo recording: caller left, agent right')
    .option('--auth-token <token>', 'sign the requests as Twilio does')
    .option('--public-url <url>', 'the public URL that the server checks signatures against')
    .option('--json', 'print everything measured as JSON')
    .action(async (webhook: string, options: object) => {
      const { call } = await import('./commands/call.ts')
      exitCode = await call(webhook, options, print)
    })

  program
    .command('plugins')
    .description('list the installed plugins; with a name, its params')
    .argument('[name]', 'a package, or the end of its name')
    .option('--live <pipeline>', 'ask the provider, with real credentials, about the params of this pipeline')
    .action(async (name: string | undefined, { live }: { live?: string }) => {
      const { plugins, pluginsLive } = await import('./commands/plugins.ts')
      exitCode =
        live === undefined ? await plugins(name, print) : await pluginsLive(name ?? '', live, env, print)
    })

  try {
    await program.parseAsync(argv, { from: 'user' })
  } catch (error) {
    if (error instanceof PipelineProblems) {
      process.stderr.write(`${error.message}\n`)
      return 2
    }
    if (isCommanderExit(error)) return error.exitCode === 0 ? 0 : 2
    process.stderr.write(`kav: ${error instanceof Error ? error.message : String(error)}\n`)
    return 1
  }
  return exitCode
}

function isCommanderExit(error: unknown): error is { exitCode: number } {
  return (
    error instanceof Error &&
    'exitCode' in error &&
    'code' in error &&
    String(error.code).startsWith('commander.')
  )
}
