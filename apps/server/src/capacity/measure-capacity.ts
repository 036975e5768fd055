import { type ChildProcess, fork } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  type Clip,
  createClip,
  loadClip,
  type LoadResult,
  type PhoneCall,
  placeCalls,
  recording,
} from '@kav/phone'
import { MULAW_SILENCE } from '@kav/core'
import { endOf } from '../process/child-end.ts'
import { connectPeer } from '../workers/peer.ts'
import { createLoopWindow } from './loop-window.ts'
import type { ProvidersOf } from './measured-pipeline.ts'
import type { MeasuredLoad, ToMeasured } from './messages.ts'
import { type Capacity, rampCalls, type StepFigures } from './ramp.ts'

const PROGRAM = fileURLToPath(new URL('./measured-main.js', import.meta.url))
/** Greetings, and the providers' first words. */
const LONGEST_WARM_UP_MS = 3000
/** What a caller says, and how long he then listens. */
const SAID = 'something-terribly-wrong'
const TURN_MS = 12_000
const BYTES_PER_MS = 8

export interface CapacityOptions {
  readonly file: string
  readonly providers: ProvidersOf
  readonly first: number
  readonly most: number
  /** Of each step, behind a warm-up. */
  readonly seconds: number
  readonly env: Readonly<Record<string, string | undefined>>
  readonly onStep: (step: StepFigures) => void
}

/** Runs the pipeline in a process of its own and has more and more calls of this one come in. */
export async function measureCapacity(options: CapacityOptions): Promise<Capacity> {
  const { file, providers, onStep } = options
  const windowMs = options.seconds * 1000
  const dir = await mkdtemp(join(tmpdir(), 'kav-capacity-'))
  const child: ChildProcess = fork(PROGRAM, [], {
    env: options.env,
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const exited = endOf(child)
  const peer = connectPeer<ToMeasured, Record<never, never>, Record<never, never>, Record<never, never>>(
    child,
    { answer: {}, hear: {} },
  )
  try {
    const { dial } = await peer.ask('open', { file, providers, dir })
    const clip = callersTurn()
    const loop = createLoopWindow()
    return await rampCalls(async (calls) => {
      let seen: WindowSeen | undefined
      // What befalls calls while others are dialled is the callers' doing.
      let gapsBefore: readonly number[] = []
      const heard = await placeCalls(calls, {
        ...dial,
        clip,
        warmUpMs: Math.min(LONGEST_WARM_UP_MS, windowMs),
        measureMs: windowMs,
        async onWindowStart(placed) {
          gapsBefore = placed.map(gapsOf)
          loop.begin()
          await peer.ask('begin', null)
        },
        async onWindowEnd(placed) {
          const callersLateMs = loop.lateMs(99)
          const gapped = placed.filter((call, index) => gapsOf(call) > gapsBefore[index]!).length
          seen = { ...(await peer.ask('end', null)), callersLateMs, gapped }
        },
      })
      const step = figuresOf(calls, heard, seen!)
      onStep(step)
      return step
    }, options)
  } finally {
    if (child.connected) child.disconnect()
    await exited
    await rm(dir, { recursive: true, force: true })
  }
}

/** A question, and time for the answer. */
function callersTurn(): Clip {
  const said = loadClip(recording(SAID)).mulaw
  const turn = new Uint8Array(Math.max(said.length, TURN_MS * BYTES_PER_MS)).fill(MULAW_SILENCE)
  turn.set(said)
  return createClip(SAID, turn)
}

const gapsOf = ({ playout }: PhoneCall): number => playout.underruns().length

interface WindowSeen extends MeasuredLoad, Pick<StepFigures, 'callersLateMs' | 'gapped'> {}

function figuresOf(calls: number, heard: LoadResult, seen: WindowSeen): StepFigures {
  const [why] = Object.keys(heard.failures)
  return {
    calls,
    failed: calls - heard.placed + heard.endedEarly,
    why: why ?? seen.firstError,
    gapped: seen.gapped,
    lateMs: heard.latenessMs.p99,
    lagMs: seen.lagMs,
    cpuShare: seen.cpuShare,
    callersLateMs: seen.callersLateMs,
  }
}
