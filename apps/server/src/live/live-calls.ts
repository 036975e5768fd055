import type { Clock, Metrics, TransportCall } from '@kav/core'
import type { CallControl, CallOutcome, CallRecorder } from '@kav/core/host'
import type { CallWatchers } from './call-watchers.ts'
import type { CallChange, CallNews, HeardFrame, LiveCall, LiveCallDetail } from './live-call.ts'
import { createLevelMeter } from './level-meter.ts'
import { createListeningTap } from './listening-tap.ts'
import { createNewsQueue, type NewsQueue } from './news-queue.ts'

/** A call that runs in this process. */
export interface RunningLiveCall {
  readonly call: Pick<TransportCall, 'id' | 'format'>
  readonly pipeline: string
  readonly version: string
  /** By the clock of the call's events. */
  readonly startedMs: number
  readonly control: CallControl
  /** What its record has by now. */
  readonly soFar: CallRecorder['soFar']
}

export interface Watch<News> extends Pick<NewsQueue<News>, 'pull'> {
  close(): void
}

/** The running calls of this process, for operators: who calls, what happens, what is heard. */
export interface LiveCalls {
  /** Returns what tells of its end. */
  began(call: RunningLiveCall): (outcome: Pick<CallOutcome, 'endedBy' | 'durationMs'>) => void
  list(): readonly LiveCall[]
  has(id: string): boolean
  detail(id: string): LiveCallDetail | undefined
  control(id: string): CallControl | undefined
  /** Which calls there are, from now on. */
  watchCalls(): Watch<CallChange>
  /** What happens in one, and five times a second how loud it is. `undefined`: there is no such call. */
  watch(id: string): Watch<CallNews> | undefined
  /** Both sides of it. */
  listen(id: string): Watch<HeardFrame> | undefined
}

export interface LiveCallsParts {
  readonly node: string
  readonly worker?: number
  readonly watchers: CallWatchers
  readonly clock: Clock
  readonly metrics: Metrics
}

const LEVEL_EVERY_MS = 200
/** A watcher who is slower than that has a network of minutes' delay. */
const MAX_NEWS = 2000
/** Five seconds of both sides. */
const MAX_FRAMES = 500

/** The newest of a long call: what is shown must fit a message between nodes. */
const MAX_SHOWN = 500

interface Entry extends RunningLiveCall {
  readonly startedAt: string
  /** Tells those who watch or listen that it is over. */
  readonly onEnd: Set<(ended: Extract<CallNews, { type: 'ended' }>) => void>
}

export function createLiveCalls(parts: LiveCallsParts): LiveCalls {
  const { clock, metrics } = parts
  const calls = new Map<string, Entry>()
  const ofCalls = new Set<NewsQueue<CallChange>>()
  const dropped = (what: string) => () => metrics.count('watch_news_dropped_total', 1, { what })

  const told = (type: CallChange['type'], entry: Entry): void => {
    if (ofCalls.size === 0) return
    const call = liveCall(entry, parts)
    for (const queue of ofCalls) queue.put({ type, call })
  }

  return {
    began(call) {
      const startedAt = new Date(clock.wallMs()).toISOString()
      const entry: Entry = { ...call, startedAt, onEnd: new Set() }
      calls.set(call.call.id, entry)
      told('began', entry)
      return ({ endedBy, durationMs }) => {
        if (calls.get(call.call.id) === entry) calls.delete(call.call.id)
        told('ended', entry)
        for (const tell of entry.onEnd) tell({ type: 'ended', endedBy, durationMs: Math.round(durationMs) })
      }
    },
    list: () => [...calls.values()].map((entry) => liveCall(entry, parts)),
    has: (id) => calls.has(id),
    detail(id) {
      const entry = calls.get(id)
      return entry && detailOf(entry, parts)
    },
    control: (id) => calls.get(id)?.control,
    watchCalls() {
      const queue = createNewsQueue<CallChange>(MAX_NEWS, clock, dropped('calls'))
      ofCalls.add(queue)
      return { pull: queue.pull, close: () => void ofCalls.delete(queue) }
    },
    watch(id) {
      const entry = calls.get(id)
      return entry && watchEntry(entry, parts, dropped('events'))
    },
    listen(id) {
      const entry = calls.get(id)
      return entry && listenTo(entry, parts, dropped('audio'))
    },
  }
}

function watchEntry(entry: Entry, parts: LiveCallsParts, onDropped: () => void): Watch<CallNews> {
  const { clock, watchers } = parts
  const queue = createNewsQueue<CallNews>(MAX_NEWS, clock, onDropped)
  const meter = createLevelMeter(entry.call.format)
  const detach = entry.control.listen(meter.tap)
  const unwatch = watchers.watch(entry.call.id, ({ event, atMs, fields, private: own }) =>
    queue.put({ type: 'event', event, atMs: Math.round(atMs), fields: { ...fields }, private: { ...own } }),
  )
  let cancel = clock.after(LEVEL_EVERY_MS, level)

  function level(): void {
    const { rxQueue, txQueue, underruns, heard } = entry.control.look()
    const atMs = Math.round(clock.nowMs() - entry.startedMs)
    queue.put({ type: 'level', atMs, ...meter.read(), rxQueue, txQueue, underruns, ...(heard && { heard }) })
    cancel = clock.after(LEVEL_EVERY_MS, level)
  }

  function close(): void {
    cancel()
    detach()
    unwatch()
    entry.onEnd.delete(onEnd)
    queue.end()
  }

  function onEnd(ended: CallNews): void {
    queue.put(ended)
    close()
  }

  entry.onEnd.add(onEnd)
  return { pull: queue.pull, close }
}

function listenTo(entry: Entry, { clock }: LiveCallsParts, onDropped: () => void): Watch<HeardFrame> {
  const queue = createNewsQueue<HeardFrame>(MAX_FRAMES, clock, onDropped)
  const detach = entry.control.listen(createListeningTap(entry.call.format, queue.put))

  function close(): void {
    detach()
    entry.onEnd.delete(close)
    queue.end()
  }

  entry.onEnd.add(close)
  return { pull: queue.pull, close }
}

function liveCall(entry: Entry, { node, worker }: LiveCallsParts): LiveCall {
  const { call, pipeline, version, startedAt, control } = entry
  const { direction, from, to, turns } = entry.soFar()
  const { speaking, muted } = control.look()
  return {
    id: call.id,
    pipeline,
    version,
    node,
    ...(worker !== undefined && { worker }),
    direction,
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    startedAt,
    state: 'running',
    turn: turns.length,
    speaking,
    muted,
  }
}

function detailOf(entry: Entry, parts: LiveCallsParts): LiveCallDetail {
  const { transcript, turns, events } = entry.soFar()
  return {
    ...liveCall(entry, parts),
    atMs: Math.round(parts.clock.nowMs() - entry.startedMs),
    transcript: transcript.slice(-MAX_SHOWN).map((line) => ({ ...line })),
    turns: turns.slice(-MAX_SHOWN).map((turn) => ({ ...(turn as LiveCallDetail['turns'][number]) })),
    events: events.slice(-MAX_SHOWN).map((event) => ({ ...event, fields: { ...event.fields } })),
    counters: { ...entry.control.counters() },
  }
}
