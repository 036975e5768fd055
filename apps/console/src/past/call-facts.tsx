import type { CallRecord, ProviderUsage } from '@kav/client'
import { clockOf, latencyOf, momentOf, moneyOf, wordsOf } from '../text/format.ts'
import { asReadable } from './readable-json.ts'

export function Tools({ tools }: Pick<CallRecord, 'tools'>) {
  if (tools.length === 0) return null
  return (
    <section class="panel" aria-labelledby="tools-title">
      <header>
        <h2 id="tools-title">Tool calls</h2>
        <span class="soft number">{tools.length}</span>
      </header>
      <div class="body">
        {tools.map(({ atMs, tool, failed, durationMs, arguments: given, result }) => (
          <details class="tool" key={`${tool}-${atMs}`} open={tools.length <= 4}>
            <summary>
              <strong>
                <bdi>{tool}</bdi>
              </strong>{' '}
              <span class="soft number">
                at {clockOf(atMs)}
                {durationMs !== undefined && `, ${latencyOf(durationMs)}`}
              </span>
              {failed && <span class="warned"> failed</span>}
            </summary>
            {given !== undefined && (
              <pre class="code" aria-label="Arguments">
                {asReadable(given)}
              </pre>
            )}
            <pre class="code" aria-label="Result">
              {result === undefined ? 'The call was over before it ended.' : `→ ${asReadable(result)}`}
            </pre>
          </details>
        ))}
      </div>
    </section>
  )
}

export function Cost({ cost }: { cost: NonNullable<CallRecord['cost']> }) {
  return (
    <section class="panel" aria-labelledby="cost-title">
      <header>
        <h2 id="cost-title">Cost</h2>
      </header>
      <div class="body">
        <table class="table" aria-labelledby="cost-title">
          <tbody>
            {cost.parts.map(({ kind, provider, amount }) => (
              <tr key={`${kind} ${provider}`}>
                <th scope="row">
                  {kind} <span class="soft">{provider}</span>
                </th>
                <td class="end number">{moneyOf(amount, cost.currency)}</td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">In sum</th>
              <td class="end number">{moneyOf(cost.total, cost.currency)}</td>
            </tr>
          </tfoot>
        </table>
        {cost.unpriced.length > 0 && <p class="soft">Without a price: {cost.unpriced.join(', ')}</p>}
      </div>
    </section>
  )
}

export function Providers({ stages, usage }: Pick<CallRecord, 'stages' | 'usage'>) {
  if (stages.length === 0) return null
  return (
    <section class="panel" aria-labelledby="providers-title">
      <header>
        <h2 id="providers-title">Providers</h2>
      </header>
      <dl class="body facts">
        {stages.map(({ kind, answered, fallbacks }) => (
          <>
            <dt>{kind}</dt>
            <dd>
              {answered.join(', ') || 'nobody'}
              {fallbacks.map(({ atMs, from, to, why }) => (
                <div class="warned" key={atMs}>
                  <span class="number">{clockOf(atMs)}</span> {from} → {to}, {wordsOf(why).toLowerCase()}
                </div>
              ))}
              {usage
                .filter((one) => one.kind === kind)
                .map((one) => (
                  <div class="soft" key={one.plugin}>
                    {usageOf(one)}
                  </div>
                ))}
            </dd>
          </>
        ))}
      </dl>
    </section>
  )
}

function usageOf(usage: ProviderUsage): string {
  return Object.entries(usage)
    .flatMap(([name, value]) => (typeof value === 'number' ? [amountOf(name, value)] : []))
    .join(', ')
}

function amountOf(name: string, value: number): string {
  return name === 'audio_ms'
    ? `${Math.round(value / 1000)} s of audio`
    : `${value.toLocaleString()} ${name.replaceAll('_', ' ')}`
}

export function Facts({ record }: { record: CallRecord }) {
  const { counters } = record
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['Began', momentOf(record.startedAt)],
    ['Length', record.state === 'begun' ? undefined : clockOf(record.durationMs)],
    ['Ended by', record.refused === undefined ? endOf(record) : undefined],
    [
      'Refused',
      record.refused && `${wordsOf(record.refused.reason)}; the caller got: ${record.refused.instead}`,
    ],
    ['Pipeline', [record.pipeline, record.pipelineVersion].filter(Boolean).join(' ')],
    ['Node', record.node],
    ['Gaps heard', counters['tx_underruns'] === undefined ? undefined : gapsOf(counters)],
    ['Frames lost', counters['rx_queue_dropped_frames']?.toLocaleString()],
    ['Call', record.callId],
  ]
  return (
    <section class="panel" aria-labelledby="facts-title">
      <header>
        <h2 id="facts-title">The call</h2>
      </header>
      <dl class="body facts">
        {facts
          .filter(([, value]) => value !== undefined)
          .map(([name, value]) => (
            <>
              <dt>{name}</dt>
              <dd>
                <bdi class="number">{value}</bdi>
              </dd>
            </>
          ))}
      </dl>
    </section>
  )
}

function endOf({ state, endedBy }: CallRecord): string {
  if (state === 'begun') return 'nobody yet: it runs, or its process is gone'
  return state === 'torn' ? 'its process: this is all that is left' : wordsOf(endedBy)
}

function gapsOf(counters: Readonly<Record<string, number>>): string {
  const gaps = counters['tx_underruns'] ?? 0
  return gaps === 0 ? 'none' : `${gaps}, ${latencyOf(counters['tx_underrun_ms'] ?? 0)} in sum`
}
