import type { Figures } from '@kav/client'
import { wordsOf } from '../text/format.ts'

const HEALTH = {
  closed: { word: 'well', looks: 'good', sign: '●' },
  'half-open': { word: 'being tried', looks: 'warn', sign: '◐' },
  open: { word: 'down', looks: 'bad', sign: '○' },
} as const

export function ProviderTable({ pipelines }: Pick<Figures, 'pipelines'>) {
  const rows = pipelines.flatMap(({ name, providers }) =>
    providers.map((provider) => ({ pipeline: name, ...provider })),
  )
  return (
    <section class="panel" aria-labelledby="providers-title">
      <header>
        <h2 id="providers-title">Providers</h2>
      </header>
      <div class="scrolls" tabIndex={0} role="group" aria-label="Providers by state">
        <table class="rows wraps" aria-labelledby="providers-title">
          <thead>
            <tr>
              <th scope="col">State</th>
              <th scope="col">Provider</th>
              <th scope="col">For</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ pipeline, kind, provider, region, state, code }) => (
              <tr key={`${pipeline} ${kind} ${provider} ${region}`}>
                <td class={HEALTH[state].looks}>
                  <span aria-hidden="true">{HEALTH[state].sign}</span> {HEALTH[state].word}
                  {code !== undefined && <div class="code-of">{codeOf(code)}</div>}
                </td>
                <th scope="row">
                  <bdi>{provider}</bdi> <span class="soft">{[kind, region].filter(Boolean).join(', ')}</span>
                </th>
                <td>
                  <bdi>{pipeline}</bdi>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        {rows.length === 0 && <p class="empty">No pipeline runs.</p>}
      </div>
    </section>
  )
}

/** `KAV_PROVIDER_UNREACHABLE` → `unreachable`. */
function codeOf(code: string): string {
  return wordsOf(code.replace(/^KAV_(PROVIDER_)?/, '')).toLowerCase()
}
