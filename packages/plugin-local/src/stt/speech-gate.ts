/** What one window of audio did to the gate. */
export type GateStep = 'silence' | 'begins' | 'goes-on' | 'ends'

/** Cuts a stream of rated windows into utterances. Pure: no audio, no clock. */
export interface SpeechGate {
  step(probability: number): GateStep
  /** Windows since the last voiced one. */
  readonly silentWindows: number
  /** Voiced windows of the running utterance, or of the last one. */
  readonly voicedWindows: number
}

/** Two windows in a row begin an utterance: a click of one window does not. */
const BEGIN_WINDOWS = 2
const VOICE = 0.5
/** Once speaking, this still counts as voice (soft word ends). */
const STILL_VOICE = 0.35

export function createSpeechGate(limits: { endWindows: number; maxWindows: number }): SpeechGate {
  let isOpen = false
  let voiced = 0
  let silent = 0
  let length = 0
  let utteranceVoiced = 0
  return {
    step(probability) {
      if (!isOpen) {
        voiced = probability >= VOICE ? voiced + 1 : 0
        if (voiced < BEGIN_WINDOWS) return 'silence'
        isOpen = true
        silent = 0
        length = voiced
        return 'begins'
      }
      length++
      if (probability >= STILL_VOICE) {
        voiced++
        silent = 0
      } else {
        silent++
      }
      if (silent < limits.endWindows && length < limits.maxWindows) return 'goes-on'
      isOpen = false
      utteranceVoiced = voiced
      voiced = 0
      return 'ends'
    },
    get silentWindows() {
      return silent
    },
    get voicedWindows() {
      return isOpen ? voiced : utteranceVoiced
    },
  }
}
