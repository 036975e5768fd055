import { useComputed } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { onColoursChange } from '../charts/colours.ts'
import { drawWave, type WaveMark } from '../recording/draw-wave.ts'
import type { Wave } from '../recording/wav.ts'
import { spokenDuration } from '../text/format.ts'
import type { Player } from './player.ts'

const STEP_MS = 1000
const LEAP_MS = 10_000

/** Both sides of the call over time; a click plays from there. For keys and screen readers, it is a slider. */
export function Waveform(props: {
  readonly wave: Wave | undefined
  readonly marks: readonly WaveMark[]
  readonly wholeMs: number
  readonly player: Player
}) {
  const { wave, marks, wholeMs, player } = props
  const canvas = useRef<HTMLCanvasElement>(null)

  useEffect(() => {
    const element = canvas.current!
    const draw = () => drawWave(element, wave, marks, wholeMs)
    const size = new ResizeObserver(draw)
    size.observe(element)
    const forget = onColoursChange(draw)
    return () => {
      size.disconnect()
      forget()
    }
  }, [wave, marks, wholeMs])

  function onPointerDown(event: PointerEvent) {
    const { left, width } = canvas.current!.getBoundingClientRect()
    player.seek(((event.clientX - left) / width) * wholeMs, { play: true })
  }

  function onKeyDown(event: KeyboardEvent) {
    const to = targetOf(event.key, player.atMs.peek(), wholeMs)
    if (event.key === ' ') player.toggle()
    else if (to !== undefined) player.seek(Math.min(wholeMs, to))
    else return
    event.preventDefault()
  }

  const seconds = useComputed(() => Math.floor(player.atMs.value / 1000)).value
  return (
    <div
      class="wave"
      role="slider"
      tabIndex={0}
      aria-label="Moment of the recording"
      aria-valuemin={0}
      aria-valuemax={Math.round(wholeMs / 1000)}
      aria-valuenow={seconds}
      aria-valuetext={`${spokenDuration(seconds * 1000)} of ${spokenDuration(wholeMs)}`}
      onPointerDown={onPointerDown}
      onKeyDown={onKeyDown}
    >
      <canvas ref={canvas} aria-hidden="true" />
      <HeadLine player={player} wholeMs={wholeMs} canvas={canvas} />
    </div>
  )
}

/** Where it plays: moved without anything else being written anew. */
function HeadLine(props: { player: Player; wholeMs: number; canvas: { current: HTMLCanvasElement | null } }) {
  const { player, wholeMs, canvas } = props
  const line = useRef<HTMLDivElement>(null)
  useEffect(
    () =>
      player.atMs.subscribe((atMs) => {
        const width = canvas.current?.clientWidth ?? 0
        if (line.current)
          line.current.style.transform = `translateX(${Math.min(1, atMs / wholeMs) * width}px)`
      }),
    [player, wholeMs],
  )
  return <div class="head-line" ref={line} />
}

function targetOf(key: string, atMs: number, wholeMs: number): number | undefined {
  switch (key) {
    case 'ArrowRight':
    case 'ArrowUp':
      return atMs + STEP_MS
    case 'ArrowLeft':
    case 'ArrowDown':
      return Math.max(0, atMs - STEP_MS)
    case 'PageUp':
      return atMs + LEAP_MS
    case 'PageDown':
      return Math.max(0, atMs - LEAP_MS)
    case 'Home':
      return 0
    case 'End':
      return wholeMs
    default:
      return undefined
  }
}
