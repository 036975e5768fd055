import type { CallUsage } from '../../telemetry/call-usage.ts'
import { safely } from '../../contracts/safely.ts'
import type { TtsUsage } from '../../contracts/tts.ts'

/** Counts the characters of one request to a voice: as its provider tells them, else as they were given. */
export interface SpeechMeter {
  /** A voice is asked; `given`: the length of all it was given so far. */
  asked(plugin: string, given: () => number): { readonly onUsage: (usage: TtsUsage) => void }
  /** It has begun to speak. One that never does is not billed, unless it says so. */
  begun(): void
  /** Nothing more comes of it. */
  over(): void
}

export function createSpeechMeter(usage: CallUsage): SpeechMeter {
  let plugin = ''
  let given = (): number => 0
  let request = { told: false, begun: false, over: false }
  return {
    asked(name, length) {
      plugin = name
      given = length
      const own = { told: false, begun: false, over: false }
      request = own
      return {
        onUsage(sent) {
          // After the end it has been counted already.
          if (own.over) return
          const characters = safely(() => sent.characters) ?? NaN
          if (usage.spoke(name, characters, 'provider')) own.told = true
        },
      }
    },
    begun() {
      request.begun = true
    },
    over() {
      request.over = true
      if (request.begun && !request.told) usage.spoke(plugin, given(), 'core')
    },
  }
}
