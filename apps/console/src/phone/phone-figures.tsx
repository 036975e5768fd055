import type { EngineReport } from './engine/engine-messages.ts'
import type { PhoneCall } from './phone-call.ts'

/** What the phone measured at its own end. */
export function PhoneFigures({ call }: { readonly call: PhoneCall }) {
  const report = call.report.value
  const roundTripMs = call.roundTripMs.value
  const rows = [
    ['waited', 'You waited for the answer', report?.waitedMs === undefined ? '–' : ms(report.waitedMs)],
    ['round-trip', 'Round trip to the server', roundTripMs === undefined ? '–' : ms(roundTripMs)],
    ['buffered', 'Audio that waits to be played', report === undefined ? '–' : ms(report.bufferedMs)],
    ...(report === undefined ? [] : countsOf(report)),
    ['violations', 'Breaches of the protocol', String(call.violations.value.length)],
  ] as const
  return (
    <section class="panel" aria-labelledby="at-your-ear">
      <header>
        <h2 id="at-your-ear">At your ear</h2>
      </header>
      <dl class="body phone-figures">
        {rows.map(([key, name, value]) => (
          <div key={key}>
            <dt>{name}</dt>
            <dd class="number" data-figure={key}>
              {value}
            </dd>
          </div>
        ))}
      </dl>
      {call.violations.value.length > 0 && (
        <ul class="body">
          {call.violations.value.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      )}
    </section>
  )
}

function countsOf(report: EngineReport) {
  return [
    ['underruns', 'Gaps in the agent’s speech', `${report.underruns} (${ms(report.underrunMs)})`],
    ['taken-back', 'Taken back before you heard it', ms(report.discardedMs)],
    ['marks', 'Marks heard, taken back', `${report.marksPlayed}, ${report.marksCleared}`],
    ['lost', 'Frames lost on the way out, in', `${report.lostUp}, ${report.lostDown}`],
    ['frames', 'Frames you sent', String(report.callerFrames)],
  ] as const
}

function ms(value: number): string {
  return `${Math.round(value)} ms`
}
