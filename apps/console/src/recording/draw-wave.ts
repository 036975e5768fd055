import { colourOf } from '../charts/colours.ts'
import type { Wave } from './wav.ts'

export interface WaveMark {
  readonly atMs: number
  readonly kind: 'turn' | 'interruption' | 'fault' | 'tool'
}

const COLOUR_OF_MARK = { turn: 'ink-soft', interruption: 'unheard', fault: 'danger', tool: 'warn' } as const
const COLOUR_OF_SIDE = ['caller', 'accent'] as const
/** Loud speech fills a lane. */
const FULL = 0.7

/**
 * Draws both sides, each in a lane of its own, and the marks across them: what went wrong reaches from edge to edge and
 * ends in a wedge, so that it is told from a turn without its colour.
 */
export function drawWave(
  canvas: HTMLCanvasElement,
  wave: Wave | undefined,
  marks: readonly WaveMark[],
  wholeMs: number,
): void {
  const [width, height] = [canvas.clientWidth, canvas.clientHeight]
  const scale = devicePixelRatio
  canvas.width = width * scale
  canvas.height = height * scale
  const context = canvas.getContext('2d')!
  context.scale(scale, scale)
  const lanes = wave?.peaks.length ?? 0
  for (let lane = 0; lane < lanes; lane++) {
    const middle = (height * (lane + 0.5)) / lanes
    context.fillStyle = colourOf('line')
    context.fillRect(0, middle, width, 1)
    context.fillStyle = colourOf(COLOUR_OF_SIDE[lane] ?? 'accent')
    drawLane(context, wave!.peaks[lane]!, { width, middle, half: height / lanes / 2 - 3 })
  }
  for (const mark of marks) drawMark(context, mark, { x: (mark.atMs / wholeMs) * width, height })
}

function drawLane(
  context: CanvasRenderingContext2D,
  peaks: Float32Array,
  { width, middle, half }: { width: number; middle: number; half: number },
): void {
  for (let x = 0; x < width; x++) {
    const end = Math.max(
      Math.floor((x * peaks.length) / width) + 1,
      Math.floor(((x + 1) * peaks.length) / width),
    )
    let peak = 0
    for (let at = Math.floor((x * peaks.length) / width); at < end; at++)
      peak = Math.max(peak, peaks[at] ?? 0)
    const reach = Math.min(1, peak / FULL) * half
    if (reach > 0.4) context.fillRect(x, middle - reach, 1, reach * 2)
  }
}

function drawMark(
  context: CanvasRenderingContext2D,
  { kind }: WaveMark,
  { x, height }: { x: number; height: number },
): void {
  context.fillStyle = colourOf(COLOUR_OF_MARK[kind])
  if (kind === 'turn') return context.fillRect(x, 0, 1, 7)
  context.fillRect(x - 0.5, 0, 1.5, height)
  context.beginPath()
  context.moveTo(x - 5, 0)
  context.lineTo(x + 5, 0)
  context.lineTo(x, 7)
  context.fill()
}
