import { MULAW_SILENCE } from '@kav/core'

/** Mu-law bytes of one window of the voice detector. */
export const WINDOW_BYTES = 256

/** Cuts audio of any length into windows. */
export interface WindowCutter {
  /** Bytes written so far; while a window is handed over, up to its end. */
  readonly bytes: number
  /** Calls `onWindow` with each whole window; lent until it returns. */
  write(audio: Uint8Array): void
  /** A window that was begun is filled up with silence. */
  fillUp(): void
}

export function createWindowCutter(onWindow: (window: Uint8Array) => void): WindowCutter {
  const window = new Uint8Array(WINDOW_BYTES)
  let filled = 0
  let bytes = 0
  return {
    get bytes() {
      return bytes
    },
    write(audio) {
      for (let at = 0; at < audio.length;) {
        const taken = Math.min(WINDOW_BYTES - filled, audio.length - at)
        window.set(audio.subarray(at, at + taken), filled)
        filled += taken
        at += taken
        bytes += taken
        if (filled < WINDOW_BYTES) continue
        filled = 0
        onWindow(window)
      }
    },
    fillUp() {
      if (filled === 0) return
      window.fill(MULAW_SILENCE, filled)
      filled = 0
      onWindow(window)
    },
  }
}

/** Windows that are kept back, the newest `maxWindows` of them. */
export interface HeldWindows {
  readonly count: number
  add(window: Uint8Array): void
  /** All of them, oldest first; lent until the next `add`. */
  take(): Uint8Array
}

export function createHeldWindows(maxWindows: number): HeldWindows {
  const held = new Uint8Array(maxWindows * WINDOW_BYTES)
  let bytes = 0
  return {
    get count() {
      return bytes / WINDOW_BYTES
    },
    add(window) {
      if (bytes === held.length) {
        held.copyWithin(0, WINDOW_BYTES)
        bytes -= WINDOW_BYTES
      }
      held.set(window, bytes)
      bytes += WINDOW_BYTES
    },
    take() {
      const taken = held.subarray(0, bytes)
      bytes = 0
      return taken
    },
  }
}
