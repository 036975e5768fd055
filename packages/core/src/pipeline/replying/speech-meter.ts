import type { CallUsage } from '../../telemetry/call-usage.ts'
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
  let told = false
  let begun = false
  return {
    asked(name, length) {
      plugin = name
      given = length
      told = false
      begun = false
      return {
        onUsage({ characters }) {
          told = true
          usage.spoke(name, characters, 'provider')
        },
      }
    },
    begun() {
      begun = true
    },
    over() {
      if (begun && !told) usage.spoke(plugin, given(), 'core')
    },
  }
}
