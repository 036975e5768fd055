import { messageOf } from '@kav/core'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { addCallsCommands } from './calls-commands.ts'
import type { CommandContext } from './command-context.ts'
import { readEnvironment, workersOf } from './environment.ts'
import { addOperatorCommands } from './operator-commands.ts'
import { portNumber, takenPort } from './words/port-number.ts'
import { addPluginCommands } from './plugin-commands.ts'
import { refuseEmptyWords } from './words/refuse-empty-words.ts'
import { refuseLostFolder } from './words/refuse-lost-folder.ts'
import { WrongUse } from './wrong-use.ts'

/** Every command with its options. Each is imported when it is used, so that `--help` is quick. */
export function addCommands(program: Command, context: CommandContext): void {
  refuseEmptyWords(program)
  refuseLostFolder(program)
  addInit(program, context)
  addServe(program, context)
  addDev(program, context)
  addReload(program, context)
  addConsole(program, context)
  addValidate(program, context)
  addDoctor(program, context)
  addVerify(program, context)
  addTest(program, context)
  addCall(program, context)
  addScore(program, context)
  addPlugins(program, context)
  addSchema(program, context)
  addCallsCommands(program, context)
  addOperatorCommands(program, context)
  addPluginCommands(program, context)
  addFetch(program, context)
  addMcp(program, context)
}

function addInit(program: Command, { print, write, onDone }: CommandContext): void {
  program
    .command('init')
    .description('begin: writes a pipeline with remarks, .env.example and a test; asks for what is not given')
    .argument('[folder]', 'where to', '.')
    .option(
      '--provider <name>',
      'who hears and speaks: google, azure, openai, or local (English phrases, no key)',
    )
    .option('--language <tag>', 'language of the agent, such as he-IL')
    .option('--name <name>', 'name of the pipeline and its file')
    .action(async (folder: string, options: object) => {
      const { init, terminalAsk } = await import('./commands/init.ts')
      const terminal = terminalAsk(write)
      try {
        onDone(await init(folder, options, print, terminal?.ask))
      } finally {
        terminal?.close()
      }
    })
}

function addServe(program: Command, { env, envFile, strays, onDone }: CommandContext): void {
  program
    .command('serve')
    .description(
      'take calls: HTTP and WebSocket on one port, figures and health on another (ADMIN_PORT), until SIGTERM',
    )
    .argument('[pipelines...]', 'pipeline files, or folders of them; the embedded demo when absent')
    .option('-p, --port <number>', 'port; PORT or 8080 when absent', portNumber)
    .option('--host <address>', 'address to listen on; all when absent, this machine alone for the demo')
    .option(
      '--workers <count>',
      'processes that take the calls: a number, or auto for one a core',
      workerCount,
    )
    .option('--watch', 'read the files anew when one of them changes, as SIGHUP and kav reload do')
    .action(async (paths: string[], options: ServeFlags) => {
      const { serve } = await import('./commands/serve.ts')
      strays.leave()
      onDone(await serve(paths, { ...options, envFile }, readEnvironment(env)))
    })
}

interface ServeFlags {
  readonly port?: number
  readonly host?: string
  readonly workers?: number
  readonly watch?: boolean
}

function addDev(program: Command, { env, envFile, strays, print, reveal, onDone }: CommandContext): void {
  program
    .command('dev')
    .description(
      'kav serve for who writes a pipeline or a plugin: takes changes of YAML, .env and plugin source, prints each call',
    )
    .argument('<pipelines...>', 'pipeline files, or folders of them')
    .option('-p, --port <number>', 'port; PORT or 8080 when absent', portNumber)
    .option('--host <address>', 'address to listen on; this machine alone when absent')
    .action(async (paths: string[], options: ServeFlags) => {
      const { dev } = await import('./commands/dev.ts')
      strays.leave()
      onDone(await dev(paths, { ...options, envFile }, readEnvironment(env), { print, reveal }))
    })
}

function addReload(program: Command, { env, print, onDone }: CommandContext): void {
  program
    .command('reload')
    .description('have the kav serve of this machine read its files anew, for new calls; running calls go on')
    .option('-p, --port <number>', 'its port for calls; PORT or 8080 when absent', takenPort)
    .action(async (options: { port?: number }) => {
      const { reload } = await import('./commands/reload.ts')
      onDone(await reload(options, readEnvironment(env), print))
    })
}

function addConsole(program: Command, { env, print, reveal, onDone }: CommandContext): void {
  program
    .command('console')
    .description('print the link to the console of the kav serve that runs in this folder, token included')
    .option('-p, --port <number>', 'its port for calls; PORT or 8080 when absent', takenPort)
    .action(async (options: { port?: number }) => {
      const { showConsole } = await import('./commands/console.ts')
      onDone(await showConsole(options, readEnvironment(env), { print, reveal }))
    })
}

function addValidate(program: Command, { env, strays, print, onDone }: CommandContext): void {
  program
    .command('validate')
    .description('check pipeline files: every problem with file:line:column')
    .argument('<files...>', 'pipeline files, or folders of them')
    .option('--service', 'also whether one kav serve can answer with all of them')
    .action(async (files: string[], options: { service?: boolean }) => {
      const { validate } = await import('./commands/validate.ts')
      onDone(await validate(files, options, env, print, strays))
    })
}

function addDoctor(program: Command, { env, envFile, print, onDone }: CommandContext): void {
  program
    .command('doctor')
    .description(
      'before the first call: asks machine, providers, carrier and public address, with what to do',
    )
    .argument('<pipeline>')
    .option('--offline', 'ask nobody outside this machine')
    .option('--json', 'print the findings as JSON')
    .action(async (file: string, options: object) => {
      const { doctor } = await import('./commands/doctor.ts')
      onDone(await doctor(file, { ...options, envFile }, readEnvironment(env), print))
    })
}

function addVerify(program: Command, { env, print, onDone }: CommandContext): void {
  program
    .command('verify')
    .description('place a test call to a pipeline on this machine and print the acceptance checklist')
    .argument('<pipeline>')
    .addOption(callerScript())
    .option('--say <wav>', 'what the caller says; may be given several times', collect)
    .option('--live', 'print the call as it happens')
    .option('--json', 'print everything measured as JSON')
    .action(async (file: string, options: object) => {
      const { verify } = await import('./commands/verify.ts')
      onDone(await verify(file, options, env, print))
    })
}

function addTest(program: Command, { env, print, onDone }: CommandContext): void {
  program
    .command('test')
    .description(
      'play scripted conversations on fakes, in milliseconds; all of pipelines/tests or tests when none is named',
    )
    .argument('[scripts...]')
    .option('--events', 'print what happened in every conversation that fails')
    .option('--pipeline <file>', 'test this pipeline in place of the one a script names')
    .option('--live', 'play the scripts in real time, on the real plugins of the pipeline')
    .action(async (files: string[], options: object) => {
      const { testConversations } = await import('./commands/test.ts')
      onDone(await testConversations(files, options, env, print))
    })
}

function addCall(program: Command, { env, print, onDone }: CommandContext): void {
  program
    .command('call')
    .description('place a call: to a running server, as Twilio would, or to a pipeline by its own transport')
    .argument(
      '<to>',
      'a voice webhook (http://127.0.0.1:8080/twilio/voice), a media stream (ws://…), or a pipeline file',
    )
    .option('--url <url>', 'of a pipeline file: where it is served already, http://127.0.0.1:8080')
    .option('--param <name=value>', 'of a media stream: a <Parameter>; may be given several times', collect)
    .addOption(callerScript())
    .option('--say <wav>', 'what the caller says; may be given several times', collect)
    .option('--from <number>', 'the number that calls')
    .option('--to <number>', 'the number that is called')
    .option('--record <wav>', 'write a stereo recording: caller left, agent right')
    .option('--auth-token <token>', 'sign the requests as Twilio does')
    .option(
      '--public-url <url>',
      'the public URL that signatures are made for, with the prefix that a proxy takes off',
    )
    .option('--json', 'print everything measured as JSON')
    .action(async (to: string, options: object) => {
      const { call } = await import('./commands/call.ts')
      onDone(await call(to, options, env, print))
    })
}

function addScore(program: Command, { print, onDone }: CommandContext): void {
  program
    .command('score')
    .description(
      'how the agent of a recorded call takes turns: answers, yields, listens (docs/turn-taking.md says what is what)',
    )
    .argument('<stereo.wav>', 'the caller left, the agent right, as Kav records them')
    .option('--events <record.json>', "the call's record: its words tell backchannels from interruptions")
    .option('--swap', 'the caller is right, the agent left')
    .option('--json', 'print the panel, and what it was counted from, as JSON')
    .action(async (file: string, options: object) => {
      const { score } = await import('./commands/score.ts')
      onDone(await score(file, options, print))
    })
}

function addPlugins(program: Command, { env, strays, print, onDone }: CommandContext): void {
  program
    .command('plugins')
    .description('list the plugins that a pipeline here can name; with a name, its params')
    .argument('[name]', 'a package, or the end of its name; or the path of a file, ./my-plugin.js')
    .addOption(new Option('--schema', 'print the JSON Schema of its params').conflicts('live'))
    .option('--pipeline <file>', 'look beside this pipeline, too')
    .option('--live <pipeline>', 'ask the provider, with real credentials, about the params of this pipeline')
    .action(async (name: string | undefined, { live, ...options }: PluginsFlags) => {
      const { plugins, pluginsLive } = await import('./commands/plugins.ts')
      if (live !== undefined) return onDone(await pluginsLive(name ?? '', live, env, print))
      if (options.schema && name === undefined) throw new WrongUse('--schema wants the name of a plugin')
      onDone(await plugins(name, options, print, strays))
    })
}

interface PluginsFlags {
  readonly live?: string
  readonly schema?: boolean
  readonly pipeline?: string
}

function addSchema(program: Command, { strays, print, onDone }: CommandContext): void {
  program
    .command('schema')
    .description('print the JSON Schema of a pipeline file for editors: kav schema > pipeline.schema.json')
    .argument('[pipelines...]', 'also know the plugins that these name by their path')
    .action(async (pipelines: string[]) => {
      const { schema } = await import('./commands/schema.ts')
      onDone(await schema(pipelines, print, (line) => process.stderr.write(`${line}\n`), strays))
    })
}

function addFetch(program: Command, { env, print, onDone }: CommandContext): void {
  program
    .command('fetch')
    .description('get the files a plugin works with and no package carries, such as a model')
    .argument('<plugin>', 'a package, or the end of its name')
    .option(
      '--pipeline <file>',
      'as the params of this pipeline want them; by default as its params are by default',
    )
    .action(async (name: string, { pipeline }: { pipeline?: string }) => {
      const { fetchFiles } = await import('./commands/fetch.ts')
      onDone(await fetchFiles(name, pipeline, env, print))
    })
}

function addMcp(program: Command, { env, write, onDone }: CommandContext): void {
  program
    .command('mcp')
    .description(
      'help coding agents write pipelines: schema, errors, events, docs, validate and test over MCP (stdio)',
    )
    .action(async () => {
      const { runMcp } = await import('./mcp/run-mcp.ts')
      onDone(await runMcp(program.version() ?? '', env, write))
    })
}

function callerScript(): Option {
  return new Option('--script <file>', 'what the caller does (see packages/phone/README.md)').conflicts('say')
}

function collect(value: string, before: string[] | undefined): string[] {
  return [...(before ?? []), value]
}

function workerCount(text: string): number {
  try {
    return workersOf(text, '--workers')
  } catch (error) {
    throw new InvalidArgumentError(messageOf(error))
  }
}
