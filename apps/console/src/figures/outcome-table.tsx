import type { OutcomeSpan } from '@kav/client'
import { callsIn, type OutcomeGroup } from './outcome-groups.ts'
import { nameOf, type ShownSpan } from './shown-span.ts'

/** What the chart draws, in figures: the newest first. */
export function OutcomeTable(props: {
  readonly spans: readonly OutcomeSpan[]
  readonly groups: readonly OutcomeGroup[]
  readonly by: ShownSpan['by']
}) {
  const { spans, groups, by } = props
  const rows = spans.filter((span) => callsIn(span) > 0).toReversed()
  return (
    <details class="as-table">
      <summary>As a table</summary>
      <div class="scrolls" tabIndex={0} role="group" aria-label={`How calls ended, by ${by}`}>
        <table class="rows">
          <caption class="only-heard">
            How calls ended that began in each {by}; those without a call are left out
          </caption>
          <thead>
            <tr>
              <th scope="col">Began</th>
              {groups.map(({ key, name }) => (
                <th scope="col" class="end" key={key}>
                  {name}
                </th>
              ))}
              <th scope="col" class="end">
                All
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.map((span) => (
              <tr key={span.since}>
                <th scope="row" class="number">
                  {nameOf(by, span.since)}
                </th>
                {groups.map((group) => (
                  <td class="end number" key={group.key}>
                    {group.countOf(span).toLocaleString()}
                  </td>
                ))}
                <td class="end number">{callsIn(span).toLocaleString()}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  )
}
