import type { CallEvent } from '../../telemetry/call-events.ts'
import { createPlayer } from './play-step.ts'
import type { ConversationScript } from './script-schema.ts'
import type { ConversationStage } from './stage.ts'
import type { ConversationStep } from './step-schema.ts'

export interface ScriptResult {
  readonly name: string
  readonly passed: boolean
  /** Which step failed (from 1), what it is, and why it failed. */
  readonly failure?: { readonly step: number; readonly what: string; readonly message: string }
  readonly events: readonly CallEvent[]
}

/** Plays a script on a stage. Never rejects for what the agent does: that is a failure with its step. */
export async function runConversationScript(
  script: ConversationScript,
  stage: ConversationStage,
): Promise<ScriptResult> {
  const play = createPlayer(stage)
  let step = 0
  try {
    for (const each of script.steps) {
      step++
      await play(each)
    }
    return { name: script.name, passed: true, events: stage.events }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const what = stepText(script.steps[step - 1]!)
    return { name: script.name, passed: false, failure: { step, what, message }, events: stage.events }
  } finally {
    await stage.close()
  }
}

/** `says "It is booked"` */
function stepText(step: ConversationStep): string {
  const [name, value] = Object.entries(step)[0]!
  return `${name} ${JSON.stringify(value)}`
}
