import { type CallResult, loadCallerScript, createCallerScript, runCallScript } from '@kav/phone'
import { resolve } from 'node:path'
import type { Environment } from '../environment.ts'
import { panelText } from '../score/panel-text.ts'
import {
  type CallTarget,
  type CallTargetOptions,
  openCallTarget,
  withOtherWays,
} from '../test-call/call-target.ts'

export interface CallOptions extends CallTargetOptions {
  readonly script?: string
  readonly say?: readonly string[]
  readonly from?: string
  readonly to?: string
  readonly record?: string
  readonly json?: boolean
}

/** RFC 6455, 7.4.1. */
const POLICY = 1008
const STREAM_REFUSED =
  'the server refused the stream (1008): one that no webhook has ordered is taken where stream_token is optional; its log says more'

/** `kav call`: the caller's side alone, against any server that speaks the protocol, or a pipeline by its transport. */
export async function call(
  to: string,
  options: CallOptions,
  env: Environment,
  print: (line: string) => void,
): Promise<number> {
  const target = await openCallTarget(to, options, env)
  const result = await placed(target, options, print).finally(() => target.close())
  if (target.dial.streamUrl !== undefined && result.closeCode === POLICY && !options.json)
    print(STREAM_REFUSED)
  print(options.json ? JSON.stringify(result, null, 2) : summary(result))
  return result.script && !result.script.passed ? 1 : 0
}

async function placed(
  { dial, onCall }: CallTarget,
  options: CallOptions,
  print: (line: string) => void,
): Promise<CallResult> {
  try {
    return await runCallScript({
      ...dial,
      script: { ...scriptOf(options), ...numbersOf(options) },
      ...(options.record === undefined ? {} : { recordTo: options.record }),
      ...(onCall && { onCall }),
      onEvent: (event) => {
        if (!options.json) print(`${(event.atMs / 1000).toFixed(2).padStart(7)}  ${describe(event)}`)
      },
    })
  } catch (error) {
    throw withOtherWays(error)
  }
}

function scriptOf({ script, say }: CallOptions) {
  return script === undefined ? sayScript(say ?? ['hello.wav']) : loadCallerScript(script)
}

function numbersOf({ from, to }: CallOptions) {
  return { ...(from !== undefined && { from }), ...(to !== undefined && { to }) }
}

function sayScript(clips: readonly string[]) {
  const steps = clips.flatMap((clip) => [
    { say: clip.includes('/') ? resolve(clip) : clip },
    { wait_agent_speech: {} },
    { wait_agent_silence: {} },
  ])
  return createCallerScript({ name: 'call', steps: [{ wait_mark: 'greeting_end' }, ...steps, 'hang_up'] })
}

function describe(event: { readonly type: string; readonly atMs: number }): string {
  const { type, atMs: _atMs, ...facts } = event
  const text = Object.entries(facts).map(([name, value]) => `${name}=${String(value)}`)
  return [type, ...text].join(' ')
}

function summary(result: CallResult): string {
  const { playout, received, responses } = result
  return [
    `call ${result.callSid}: ${(result.durationMs / 1000).toFixed(1)} s, ended by ${result.endedBy}`,
    `agent audio: ${received.fps.toFixed(2)} fps, underruns ${playout.underruns.count}, lead at most ${Math.round(playout.maxBufferedMs)} ms`,
    ...responses.map((response) => `answer to ${response.clip}: ${Math.round(response.responseMs)} ms`),
    ...result.violations.map((violation) => `violation: ${violation.text} (${violation.count} times)`),
    ...(result.script && !result.script.passed
      ? [`script failed at ${result.script.step}: ${result.script.message}`]
      : []),
    ...panelText(result.panel),
  ].join('\n')
}
