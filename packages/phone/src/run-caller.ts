import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { ScriptOutcome } from './call-result.ts'
import type { CallerScript } from './caller-script.ts'
import { stepText, type CallerStep } from './caller-step.ts'
import { type Clip, type ClipMeaning, loadClip } from './clip.ts'
import type { PhoneCall } from './phone-call.ts'
import { PhoneError } from './phone-error.ts'
import { recording } from './recordings.ts'

/** A script with its recordings loaded, ready to be played by any number of calls. */
export interface PreparedScript {
  readonly script: CallerScript
  readonly clips: ReadonlyMap<string, Clip>
}

const DTMF_PAUSE_MS = 500

/** Loads every recording a script names. Throws `KAV_PHONE_AUDIO_INVALID` for the first that cannot be played. */
export function prepareScript(script: CallerScript): PreparedScript {
  const clips = new Map<string, Clip>()
  for (const step of script.steps) {
    if ('file' in step && !clips.has(step.file))
      clips.set(step.file, loadClip(findRecording(step.file, script)))
  }
  return { script, clips }
}

function findRecording(file: string, script: CallerScript): string {
  const beside = resolve(script.baseDir, file)
  if (existsSync(beside)) return beside
  try {
    return recording(file)
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message : String(thrown)
    throw new PhoneError('KAV_PHONE_AUDIO_INVALID', `${file} is not in ${script.baseDir}, and ${why}`)
  }
}

/**
 * Plays a script on a call, step by step, then hangs up if the call is still on. Never rejects: a step that fails
 * is told in the outcome, and the caller hangs up.
 */
export async function runCaller(call: PhoneCall, prepared: PreparedScript): Promise<ScriptOutcome> {
  const { steps } = prepared.script
  const seenMarks = new Set<unknown>()
  let outcome: ScriptOutcome = { passed: true }
  for (const [stepIndex, step] of steps.entries()) {
    const text = stepText(step)
    call.tell({ type: 'step', index: stepIndex, text })
    try {
      await runStep(call, step, prepared.clips, seenMarks)
    } catch (thrown) {
      const message = thrown instanceof Error ? thrown.message : String(thrown)
      outcome = {
        passed: false,
        stepIndex,
        step: text,
        message: `step ${stepIndex + 1} (${text}): ${message}`,
      }
      break
    }
  }
  call.hangUp()
  return outcome
}

async function runStep(
  call: PhoneCall,
  step: CallerStep,
  clips: ReadonlyMap<string, Clip>,
  seenMarks: Set<unknown>,
): Promise<void> {
  switch (step.do) {
    case 'say':
      return say(call, clips, step.file)
    case 'wait_mark':
      return waitForMark(call, step.label, step.timeout_ms, seenMarks)
    case 'wait_agent_speech':
      return waitForSpeech(call, step.timeout_ms)
    case 'wait_agent_silence':
      return waitForSilence(call, step.ms, step.timeout_ms)
    case 'pause_ms':
      return pause(call, step.ms)
    case 'dtmf':
      return pressKeys(call, step.digits, step.gap_ms)
    case 'interrupt':
      await waitForSpeech(call, step.timeout_ms)
      await pause(call, step.after_ms)
      if (!call.playout.speaking) fail(`the agent had stopped speaking before ${step.after_ms} ms`)
      return say(call, clips, step.file, 'words')
    case 'go_silent':
      call.goSilent(step.ms)
      return step.ms === undefined ? undefined : pause(call, step.ms)
    case 'jitter':
      return call.setJitterMs(step.ms)
    case 'late':
      return call.setLateMs(step.ms)
    case 'burst':
      return call.holdMedia(step.hold_ms)
    case 'wait_hang_up':
      return waitForHangUp(call, step.timeout_ms)
    case 'hang_up':
      return call.hangUp()
    case 'drop_socket':
      return call.dropSocket()
  }
}

function fail(message: string): never {
  throw new PhoneError('KAV_PHONE_STEP_FAILED', message)
}

async function say(
  call: PhoneCall,
  clips: ReadonlyMap<string, Clip>,
  file: string,
  meant?: ClipMeaning,
): Promise<void> {
  const clip = clips.get(file)
  if (!clip) fail(`no recording ${file}`)
  if (!(await call.say(meant ? { ...clip, meant } : clip))) fail('the call was over before it was said')
}

async function pause(call: PhoneCall, forMs: number): Promise<void> {
  const untilMs = call.nowMs + forMs
  await call.until(() => (call.nowMs >= untilMs ? true : undefined), {
    timeoutMs: forMs + 60_000,
    what: `${forMs} ms to pass`,
  })
}

async function waitForSpeech(call: PhoneCall, timeoutMs: number): Promise<void> {
  const what = 'the agent to speak'
  await call.until(() => call.playout.speaking || undefined, { timeoutMs, what })
}

async function waitForSilence(call: PhoneCall, forMs: number, timeoutMs: number): Promise<void> {
  const { playout } = call
  const what = `${forMs} ms of silence from the agent`
  const silent = (): true | undefined =>
    (!playout.speaking && call.nowMs - playout.silentSinceMs >= forMs) || undefined
  await call.until(silent, { timeoutMs, what })
}

async function waitForHangUp(call: PhoneCall, timeoutMs: number): Promise<void> {
  const byAgent = (): true | undefined =>
    call.endedBy === 'agent' || call.endedBy === 'transferred' || undefined
  await call.until(byAgent, { timeoutMs, what: 'the agent to hang up' })
}

/** Each mark that came back satisfies one wait; marks that `clear` sent back satisfy none. */
async function waitForMark(
  call: PhoneCall,
  label: string,
  timeoutMs: number,
  seenMarks: Set<unknown>,
): Promise<void> {
  const { marks } = call.playout
  const find = (): object | undefined =>
    marks.find((m) => m.label === label && m.returnedAtMs !== undefined && !m.cleared && !seenMarks.has(m))
  try {
    seenMarks.add(await call.until(find, { timeoutMs, what: `mark "${label}" to be played` }))
  } catch (thrown) {
    const came = marks.map((mark) => mark.name + (mark.cleared ? ' (cleared)' : ''))
    const why = thrown instanceof Error ? thrown.message : String(thrown)
    fail(`${why}; marks so far: ${came.length > 0 ? came.join(', ') : 'none'}`)
  }
}

async function pressKeys(call: PhoneCall, digits: string, gapMs: number): Promise<void> {
  for (const [i, digit] of [...digits].entries()) {
    if (i > 0 && digit !== 'w') await pause(call, gapMs)
    if (call.ended) fail('the call was over before every key was pressed')
    if (digit === 'w') await pause(call, DTMF_PAUSE_MS)
    else call.sendDtmf(digit)
  }
}
