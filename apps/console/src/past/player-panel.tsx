import { useComputed } from '@preact/signals'
import { useEffect, useMemo } from 'preact/hooks'
import type { CallRecord } from '@kav/client'
import { loadRecording, type Recording } from '../recording/load-recording.ts'
import { type Loaded, useLoaded } from '../shell/load.ts'
import { clockOf } from '../text/format.ts'
import { marksOf } from './call-marks.ts'
import type { Player } from './player.ts'
import { Waveform } from './waveform.tsx'

/** The recording, if there is one: the waveform of both sides, and what plays it. */
export function PlayerPanel({ record, player }: { record: CallRecord; player: Player }) {
  const loaded = useLoaded(`${record.callId} ${record.state}`, (signal) =>
    record.recording === undefined || record.state === 'begun'
      ? Promise.resolve(undefined)
      : loadRecording(record.callId, signal),
  )
  const recording = loaded.state === 'loaded' ? loaded.value : undefined
  const marks = useMemo(() => marksOf(record), [record])
  useEffect(() => () => recording && URL.revokeObjectURL(recording.url), [recording])
  const wholeMs = recording?.wave?.durationMs ?? Math.max(1, record.durationMs)
  return (
    <section class="panel" aria-labelledby="recording-title">
      <header>
        <h2 id="recording-title">Recording</h2>
        <p class="legend">
          <span class="caller-key">▔ caller</span>
          <span class="agent-key">▁ agent</span>
          <span>▾ interruption, tool, fault</span>
        </p>
      </header>
      <div class="body player">
        <Waveform wave={recording?.wave} marks={marks} wholeMs={wholeMs} player={player} />
        <div class="player-bar">
          <PlayButton player={player} disabled={recording === undefined} />
          <Clock player={player} wholeMs={wholeMs} />
          <span class="soft" role="status">
            {statusOf(loaded)}
          </span>
          {recording && <audio ref={player.attach} src={recording.url} preload="auto" />}
          {recording && (
            <a class="button" href={recording.url} download={`${record.callId}.wav`}>
              Download
            </a>
          )}
        </div>
      </div>
    </section>
  )
}

function PlayButton({ player, disabled }: { player: Player; disabled: boolean }) {
  return (
    <button class="button main" type="button" disabled={disabled} onClick={() => player.toggle()}>
      {player.isPlaying.value ? 'Pause' : 'Play'}
    </button>
  )
}

function Clock({ player, wholeMs }: { player: Player; wholeMs: number }) {
  const second = useComputed(() => Math.floor(player.atMs.value / 1000)).value
  return (
    <span class="number">
      {clockOf(second * 1000)} / {clockOf(wholeMs)}
    </span>
  )
}

function statusOf(loaded: Loaded<Recording | undefined>): string {
  if (loaded.state === 'loading') return 'The recording is being fetched…'
  if (loaded.state === 'failed') return loaded.error.message
  if (loaded.value === undefined) return 'No recording is kept of this call.'
  return loaded.value.wave === undefined ? 'The recording can be heard, and not drawn.' : ''
}
