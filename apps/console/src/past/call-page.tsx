import { useEffect, useMemo, useState } from 'preact/hooks'
import { requestJson } from '../api/request.ts'
import type { CallRecord } from '@kav/client'
import { Parties } from '../conversation/parties.tsx'
import { fragmentOf } from '../routing/route.ts'
import { useLoaded } from '../shell/load.ts'
import { Page } from '../shell/page.tsx'
import { Problem } from '../shell/problem.tsx'
import { isolatedNumber } from '../text/direction.ts'
import { momentOf } from '../text/format.ts'
import { CallActions } from './call-actions.tsx'
import { CallEvents } from './call-events-list.tsx'
import { Cost, Facts, Providers, Tools } from './call-facts.tsx'
import { CallTranscript } from './call-transcript.tsx'
import { LatencyChart } from './latency-chart.tsx'
import { timedLines } from './line-times.ts'
import { createPlayer, type Player } from './player.ts'
import { PlayerPanel } from './player-panel.tsx'
import { turnLatencies } from './turn-latencies.ts'
import '../conversation/conversation.css'
import './past.css'

/** Of a call whose end was not told yet. */
const ASK_AGAIN_MS = 2000

/** A call that is over; with `atSeconds`, at that moment of it. */
export default function CallPage({ id, atSeconds }: { id: string; atSeconds: number | undefined }) {
  const [round, setRound] = useState(0)
  const loaded = useLoaded(`${id} ${round}`, (signal) =>
    requestJson<CallRecord>(`/api/history/${encodeURIComponent(id)}`, { signal }),
  )
  const player = useMemo(() => createPlayer((atSeconds ?? 0) * 1000), [id])
  useEffect(() => {
    if (atSeconds !== undefined) player.seek(atSeconds * 1000)
  }, [atSeconds])
  const record = loaded.state === 'loaded' ? loaded.value : undefined
  useEffect(() => {
    if (record?.state !== 'begun') return
    const timer = setTimeout(() => setRound(round + 1), ASK_AGAIN_MS)
    return () => clearTimeout(timer)
  }, [record])
  const from = record?.from
  return (
    <Page
      title={from === undefined ? 'Call' : `Call from ${isolatedNumber(from)}`}
      name={id}
      aside={record && <CallActions id={id} player={player} />}
    >
      {loaded.state === 'failed' && <Problem error={loaded.error} />}
      {record?.state === 'begun' && (
        <p class="notice" role="status">
          The call runs, or its record is being written: it is shown here as soon as it is there.{' '}
          <a href={fragmentOf({ page: 'live-call', id })}>Watch the call</a>
        </p>
      )}
      {record && <Shown record={record} player={player} />}
    </Page>
  )
}

function Shown({ record, player }: { record: CallRecord; player: Player }) {
  const lines = useMemo(() => timedLines(record), [record])
  const turns = useMemo(() => turnLatencies(record), [record])
  return (
    <>
      <div class="facts-row soft">
        <Parties call={record} />
        <bdi>{record.pipeline}</bdi>
        <span class="number">{momentOf(record.startedAt)}</span>
      </div>
      <PlayerPanel record={record} player={player} />
      <div class="call-page">
        <div class="column">
          <CallTranscript lines={lines} player={player} />
          <Tools tools={record.tools} />
          <CallEvents events={record.events} player={player} />
        </div>
        <div class="column">
          <LatencyChart turns={turns} player={player} />
          <Facts record={record} />
          <Providers stages={record.stages} usage={record.usage} />
          {record.cost && <Cost cost={record.cost} />}
        </div>
      </div>
    </>
  )
}
