import { resolve } from 'node:path'
import { type CallerScript, createCallerScript, loadCallerScript } from '@kav/phone'
import { checkCall, formatChecklist } from '../test-call/checklist.ts'
import { callFileBase } from '../calls/call-files.ts'
import type { Environment } from '../environment.ts'
import { liveLine } from '../live-view.ts'
import { openPipeline } from '../open-pipeline.ts'
import { createServerLoader } from '../plugins.ts'
import { panelText } from '../score/panel-text.ts'
import { deadEndLine } from '../test-call/dead-end.ts'
import { placeTestCall } from '../test-call/test-call.ts'

export interface VerifyOptions {
  /** A caller's script; a short built-in one when absent. */
  readonly script?: string
  /** Recordings the caller says in turn, instead of a script. */
  readonly say?: readonly string[]
  /** Print the call as it happens. */
  readonly live?: boolean
  /** Print everything measured as JSON instead. */
  readonly json?: boolean
}

/** `kav verify`: places a test call and prints the acceptance checklist. Exit code 0 when every check holds. */
export async function verify(
  file: string,
  options: VerifyOptions,
  env: Environment,
  print: (line: string) => void,
): Promise<number> {
  const { pipeline, warnings } = await openPipeline(file, env, createServerLoader(), { files: true })
  if (warnings !== '' && !options.json) print(warnings)
  const recordTo = `${callFileBase(pipeline.config.record.dir, Date.now(), pipeline.config.name)}_caller.wav`
  const { files, ...evidence } = await placeTestCall({
    pipeline,
    script: scriptOf(options),
    recordTo,
    onEvent(event) {
      const line = options.live ? liveLine(event) : undefined
      if (line !== undefined) print(line)
    },
  })
  const checks = checkCall(evidence)
  const dead = evidence.deadEnd && deadEndLine(pipeline, evidence.deadEnd)
  const passed = checks.every((check) => check.ok)
  if (options.json)
    print(
      JSON.stringify(
        { passed, ...(dead && { problem: dead }), checks, phone: evidence.phone, record: evidence.record },
        null,
        2,
      ),
    )
  else {
    if (dead !== undefined) print(`\n${dead}`)
    print(`\n${pipeline.config.name}: acceptance checklist\n${formatChecklist(checks)}\n`)
    const turnTaking = panelText(evidence.phone.panel)
    if (turnTaking.length > 0) print(`${turnTaking.join('\n')}\n`)
    for (const written of [recordTo, ...files]) print(`  ${written}`)
  }
  return passed ? 0 : 1
}

function scriptOf(options: VerifyOptions): CallerScript {
  if (options.script !== undefined) return loadCallerScript(options.script)
  const clips = options.say ?? ['hello.wav', 'auth-thankyou.wav']
  const steps = clips.flatMap((clip) => [
    // A bare name is a file here or one of the recordings that come with the phone.
    { say: clip.includes('/') ? resolve(clip) : clip },
    { wait_agent_speech: { timeout_ms: 20_000 } },
    { wait_agent_silence: { ms: 800, timeout_ms: 60_000 } },
  ])
  return createCallerScript(
    {
      name: 'verify',
      steps: [{ wait_mark: { label: 'greeting_end', timeout_ms: 60_000 } }, ...steps, 'hang_up'],
    },
    process.cwd(),
  )
}
