import { existsSync, readdirSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import { type CallEvent, loadPipeline, type PipelineConfig } from '@kav/core/host'
import {
  type ConversationScript,
  loadConversationScript,
  openFakeStage,
  runConversationScript,
  ScriptProblems,
  scriptPipeline,
  type ScriptResult,
} from '@kav/core/testing'
import { addPanels, type Panel } from '@kav/core/panel'
import type { Environment } from '../environment.ts'
import { openCallerVoice } from '../caller-voice.ts'
import { openLiveStage } from '../test-call/live-stage.ts'
import { liveLine } from '../live-view.ts'
import { createLogger } from '../log.ts'
import { createMetrics } from '../metrics.ts'
import { DEFAULT_VAD, openPipeline, PipelineProblems } from '../open-pipeline.ts'
import { createServerLoader } from '../plugins.ts'
import { panelText } from '../score/panel-text.ts'
import { loadWithStandIns } from '../stand-in-environment.ts'
import { systemClock } from '../system-clock.ts'
import { WrongUse } from '../wrong-use.ts'

/** Of a clone, and of what `kav init` writes. */
const DEFAULT_FOLDERS = ['pipelines/tests', 'tests']

export interface TestOptions {
  /** Print what happened in every conversation that fails. */
  readonly events?: boolean
  /** In real time, on the plugins of `pipeline`. */
  readonly live?: boolean
  /** The pipeline that is tested, in place of the one a script names. */
  readonly pipeline?: string
}

/** `kav test`: plays scripted conversations. Exit code 0 when all hold, 1 when one does not, 2 when one is wrong. */
export async function testConversations(
  files: readonly string[],
  options: TestOptions,
  env: Environment,
  print: (line: string) => void,
): Promise<number> {
  if (options.live && files.length === 0) throw new WrongUse('kav test --live: name the scripts to play')
  const scripts = files.length > 0 ? files : scriptsInFolders()
  let failed = 0
  let wrong = 0
  const panels: Panel[] = []
  for (const file of scripts) {
    try {
      const script = await loadConversationScript(file)
      const result = options.live
        ? await playLive(file, script, env, { ...options, onPanel: (panel) => panels.push(panel) }, print)
        : await playOnFakes(file, script, env, options.pipeline)
      if (!result.passed) failed++
      print(resultLine(file, result))
      if (!result.passed && options.events && !options.live)
        for (const line of result.events.map(storyLine)) if (line !== undefined) print(`      ${line}`)
    } catch (error) {
      if (!(error instanceof ScriptProblems || error instanceof PipelineProblems)) throw error
      wrong++
      print(error.message)
    }
  }
  for (const line of panelText(addPanels(panels))) print(line)
  print(`${scripts.length - failed - wrong} passed, ${failed + wrong} failed`)
  return wrong > 0 ? 2 : failed > 0 ? 1 : 0
}

export async function playOnFakes(
  file: string,
  script: ConversationScript,
  env: Environment,
  pipeline = pipelineOf(file, script),
): Promise<ScriptResult> {
  const config = pipeline === undefined ? undefined : await configOf(pipeline, env)
  return runConversationScript(script, openFakeStage(script, scriptPipeline(script, config)))
}

/** On fakes no provider is reached: a key that is not set here must not keep a conversation from being tested. */
async function configOf(file: string, env: Environment): Promise<PipelineConfig> {
  const loader = createServerLoader()
  const pipeline = await loadWithStandIns(env, (withStandIns) =>
    loadPipeline(file, { env: withStandIns, loader, defaults: { vad: DEFAULT_VAD } }),
  )
  return pipeline.config
}

/** A pipeline stands in a script as seen from the script. */
function pipelineOf(file: string, script: ConversationScript): string | undefined {
  if (script.pipeline === undefined) return undefined
  return relative(process.cwd(), resolve(dirname(file), script.pipeline))
}

async function playLive(
  file: string,
  script: ConversationScript,
  env: Environment,
  options: TestOptions & { onPanel: (panel: Panel) => void },
  print: (line: string) => void,
): Promise<ScriptResult> {
  const from = options.pipeline ?? pipelineOf(file, script)
  if (from === undefined)
    throw new WrongUse(`${file}: kav test --live needs a pipeline; name it with --pipeline`)
  const loader = createServerLoader()
  const { pipeline } = await openPipeline(from, env, loader)
  const log = createLogger({ level: 'error', private: true, pretty: false })
  const { metrics } = createMetrics(log)
  const { baseDir } = pipeline
  const voice = await openCallerVoice(loader, { log, metrics, clock: systemClock, baseDir })
  try {
    const stage = await openLiveStage({
      script,
      pipeline: { ...pipeline, config: scriptPipeline(script, pipeline.config) },
      voice,
      onEvent(event) {
        const line = options.events ? storyLine(event) : undefined
        if (line !== undefined) print(`      ${line}`)
      },
    })
    const result = await runConversationScript(script, stage)
    options.onPanel(await stage.panel)
    return result
  } finally {
    await voice.close()
  }
}

/** Without the line a second: nothing is lost on fakes. */
function storyLine(event: CallEvent): string | undefined {
  return event.event === 'rx_second' || event.event === 'tx_second' ? undefined : liveLine(event)
}

function scriptsInFolders(): readonly string[] {
  const folder = DEFAULT_FOLDERS.find((path) => existsSync(path))
  const names = folder === undefined ? [] : readdirSync(folder).filter((name) => /\.ya?ml$/.test(name))
  if (names.length === 0)
    throw new WrongUse(
      `kav test: no script in ${DEFAULT_FOLDERS.join(' or ')} of this folder; name some, or write one (docs/conversation-tests.md)`,
    )
  return names.sort().map((name) => `${folder}/${name}`)
}

function resultLine(file: string, result: ScriptResult): string {
  if (!result.failure) return `✔ ${result.name}`
  const { step, what, message } = result.failure
  return `✘ ${result.name}\n    ${file}, step ${step} (${what}): ${message}`
}
