import type { Level } from '@kav/client'

/** Below this a telephone line is quiet. */
const FLOOR_DB = -60

/** How much of a meter is filled. */
export function fillOf(db: number): number {
  return Number.isFinite(db) ? Math.min(1, Math.max(0, 1 - db / FLOOR_DB)) : 0
}

export function LevelMeters({ level }: { level: Pick<Level, 'callerDb' | 'agentDb'> | undefined }) {
  return (
    <div class="meters">
      <Meter name="Caller" side="caller" db={level?.callerDb} />
      <Meter name="Agent" side="agent" db={level?.agentDb} />
    </div>
  )
}

function Meter({ name, side, db }: { name: string; side: 'caller' | 'agent'; db: number | undefined }) {
  const isQuiet = db === undefined || db <= FLOOR_DB || !Number.isFinite(db)
  const text = isQuiet ? 'quiet' : `${Math.round(db)} dB`
  return (
    <>
      <span>{name}</span>
      <div
        class={`meter ${side}`}
        role="meter"
        aria-label={`Level of the ${side}`}
        aria-valuemin={FLOOR_DB}
        aria-valuemax={0}
        aria-valuenow={isQuiet ? FLOOR_DB : Math.round(db)}
        aria-valuetext={text}
      >
        <span style={{ transform: `scaleX(${fillOf(db ?? FLOOR_DB)})` }} />
      </div>
      <span class="db number">{text}</span>
    </>
  )
}
