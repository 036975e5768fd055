import { readdirSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import type { CallEvent, PipelineConfig } from '@kav/core'
import {
  type ConversationScript,
  loadConversationScript,
  openFakeStage,
  runConversationScript,
  ScriptProblems,
  scriptPipeline,
  type ScriptResult,
} from '@kav/core/testing'
import type { Environment } from '../environment.ts'
import { liveLine } from '../live-view.ts'
import { openPipeline } from '../open-pipeline.ts'
import { createServerLoader } from '../plugins.ts'

const DEFAULT_FOLDER = 'pipelines/tests'

/** `kav test`: plays scripted conversations. Exit code 0 when all hold, 1 when one does not, 2 when one is wrong. */
export async function testConversations(
  files: readonly string[],
  options: { events?: boolean },
  env: Environment,
  print: (line: string) => void,
): Promise<number> {
  const scripts = files.length > 0 ? files : scriptsIn(DEFAULT_FOLDER)
  let failed = 0
  let wrong = 0
  for (const file of scripts) {
    try {
      const script = await loadConversationScript(file)
      const result = await playOnFakes(file, script, env)
      if (!result.passed) failed++
      print(resultLine(file, result))
      if (!result.passed && options.events)
        for (const line of result.events.map(storyLine)) if (line !== undefined) print(`      ${line}`)
    } catch (error) {
      if (!(error instanceof ScriptProblems)) throw error
      wrong++
      print(error.message)
    }
  }
  print(`${scripts.length - failed - wrong} passed, ${failed + wrong} failed`)
  return wrong > 0 ? 2 : failed > 0 ? 1 : 0
}

export async function playOnFakes(
  file: string,
  script: ConversationScript,
  env: Environment,
): Promise<ScriptResult> {
  const config = scriptPipeline(script, await pipelineOf(file, script, env))
  return runConversationScript(script, openFakeStage(script, config))
}

/** On fakes no provider is reached: a key that is not set here must not keep a conversation from being tested. */
async function pipelineOf(
  file: string,
  script: ConversationScript,
  env: Environment,
): Promise<PipelineConfig | undefined> {
  if (script.pipeline === undefined) return undefined
  const unset = new Proxy(env, { get: (known, name) => known[String(name)] ?? 'unset', has: () => true })
  const path = relative(process.cwd(), resolve(dirname(file), script.pipeline))
  return (await openPipeline(path, unset, createServerLoader())).pipeline.config
}

/** Without the line a second: nothing is lost on fakes. */
function storyLine(event: CallEvent): string | undefined {
  return event.event === 'rx_second' || event.event === 'tx_second' ? undefined : liveLine(event)
}

function scriptsIn(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
    .map((name) => `${folder}/${name}`)
}

function resultLine(file: string, result: ScriptResult): string {
  if (!result.failure) return `✔ ${result.name}`
  const { step, what, message } = result.failure
  return `✘ ${result.name}\n    ${file}, step ${step} (${what}): ${message}`
}
