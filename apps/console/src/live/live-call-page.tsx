import { useEffect, useMemo } from 'preact/hooks'
import type { LiveCall } from '@kav/client'
import { Parties } from '../conversation/parties.tsx'
import { fragmentOf } from '../routing/route.ts'
import { currentSecond } from '../shell/now.ts'
import { Page } from '../shell/page.tsx'
import { LineLost, Problem } from '../shell/problem.tsx'
import { isolatedNumber } from '../text/direction.ts'
import { clockOf } from '../text/format.ts'
import { Controls } from './controls.tsx'
import { LevelMeters } from './level-meters.tsx'
import { openLiveCall, type LiveCallWatch } from './live-call.ts'
import type { LiveCallState } from './live-call-state.ts'
import { LiveTranscript } from './live-transcript.tsx'
import { Notices } from './notices.tsx'
import { QueueStrips } from './queue-strips.tsx'
import { RunningTurn } from './running-turn.tsx'
import { Speaking } from './speaking.tsx'
import '../conversation/conversation.css'
import './live.css'

/** One call while it runs. */
export default function LiveCallPage({ id }: { id: string }) {
  const end = useMemo(() => new AbortController(), [id])
  const watched = useMemo(() => openLiveCall(id, end.signal), [id])
  useEffect(() => () => end.abort(), [id])
  const { refused, line } = watched
  const state = watched.state.value
  const from = state?.call.from
  return (
    <Page
      title={from === undefined ? 'Live call' : `Call from ${isolatedNumber(from)}`}
      name={id}
      aside={<a href="#/live">All live calls</a>}
    >
      {refused.value && <Problem error={refused.value} />}
      {refused.value?.status === 404 && <OverNotice id={id} />}
      {line.value === 'lost' && !state?.ended && <LineLost />}
      {state?.ended && <OverNotice id={id} />}
      {state !== undefined && <Shown state={state} watched={watched} />}
    </Page>
  )
}

function OverNotice({ id }: { id: string }) {
  return (
    <p class="notice" role="status">
      The call is over. <a href={fragmentOf({ page: 'call', id })}>To its record and recording</a>
    </p>
  )
}

function Shown({ state, watched }: { state: LiveCallState; watched: LiveCallWatch }) {
  return (
    <>
      <Facts call={state.call} ended={state.ended} />
      <div class="live-call">
        <div class="column">
          <LiveTranscript state={state} />
          <QueueStrips watched={watched} />
          <Notices events={state.notices} />
        </div>
        <div class="column">
          <section class="panel" aria-labelledby="levels-title">
            <header>
              <h2 id="levels-title">Levels</h2>
            </header>
            <div class="body">
              <Levels watched={watched} />
            </div>
          </section>
          <RunningTurn state={state} />
          <Controls call={state.call} ended={state.ended} />
        </div>
      </div>
    </>
  )
}

/** A part of its own: it alone is written anew with every level. */
function Levels({ watched }: { watched: LiveCallWatch }) {
  return <LevelMeters level={watched.level.value} />
}

function Facts({ call, ended }: { call: LiveCall; ended: boolean }) {
  return (
    <div class="facts-row soft">
      <Parties call={call} />
      <span>
        <bdi>{call.pipeline}</bdi>
      </span>
      {!ended && <Speaking call={call} />}
      {!ended && <Time since={call.startedAt} />}
      {call.node !== undefined && <bdi>{call.node}</bdi>}
      <code class="number">{call.id}</code>
    </div>
  )
}

function Time({ since }: { since: string }) {
  return <span class="number">{clockOf(currentSecond.value - Date.parse(since))}</span>
}
