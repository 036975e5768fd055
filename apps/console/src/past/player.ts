import { signal, type ReadonlySignal } from '@preact/signals'

/** Plays one recording. Before it is loaded, a moment can be chosen all the same. */
export interface Player {
  readonly atMs: ReadonlySignal<number>
  readonly isPlaying: ReadonlySignal<boolean>
  /** Goes to a moment, and plays from there where `play` is true. */
  seek(atMs: number, options?: { readonly play?: boolean }): void
  toggle(): void
  /** The element that plays, once it is there. */
  attach(audio: HTMLAudioElement | null): void
}

export function createPlayer(startMs: number): Player {
  const atMs = signal(startMs)
  const isPlaying = signal(false)
  let audio: HTMLAudioElement | undefined
  let frame = 0

  function follow(): void {
    if (audio) atMs.value = audio.currentTime * 1000
    frame = requestAnimationFrame(follow)
  }

  function onPlay(): void {
    isPlaying.value = true
    cancelAnimationFrame(frame)
    follow()
  }

  function onPause(): void {
    isPlaying.value = false
    cancelAnimationFrame(frame)
  }

  return {
    atMs,
    isPlaying,
    seek(nextMs, { play = false } = {}) {
      atMs.value = Math.max(0, nextMs)
      if (audio === undefined) return
      audio.currentTime = atMs.value / 1000
      if (play) void audio.play()
    },
    toggle() {
      if (audio?.paused) void audio.play()
      else audio?.pause()
    },
    attach(element) {
      if (element === null) return onPause()
      audio = element
      element.addEventListener('play', onPlay)
      element.addEventListener('pause', onPause)
      element.addEventListener('ended', onPause)
      element.addEventListener('loadedmetadata', () => (element.currentTime = atMs.value / 1000))
    },
  }
}
