import type { Share, Times } from './figures.ts'
import type { Panel } from './panel.ts'

/** The panel for a person: a line for each figure, with what it was counted in. */
export function panelLines(panel: Panel): readonly string[] {
  const { selectivity, agentInterruptions, deadAir, turnTaking } = panel
  const rows: readonly (readonly [name: string, figure: string])[] = [
    ['response rate', share(panel.response, 'words')],
    ['response latency', times(panel.responseLatency)],
    ['yield rate', share(panel.yield, 'times spoken over')],
    ['time to yield', times(panel.timeToYield)],
    ['talk-over', seconds(panel.talkOverMs)],
    ['selectivity: backchannels', share(selectivity.backchannel, 'heard')],
    ['selectivity: vocal tics', share(selectivity.vocalTic, 'heard')],
    ['selectivity: not to agent', share(selectivity.notToAgent, 'heard')],
    ['agent interruptions', share(agentInterruptions, 'words')],
    ['dead air', `${seconds(deadAir.totalMs)} (n=${deadAir.count})`],
    ['turn-taking curve (EVA)', `${figure(turnTaking.score)} (n=${turnTaking.n})`],
  ]
  return rows.map(([name, text]) => `${name.padEnd(26)} ${text}`)
}

function share({ count, n, rate }: Share, of: string): string {
  return `${figure(rate)} (${count} of n=${n} ${of})`
}

function times({ n, p50Ms, p95Ms }: Times): string {
  if (p50Ms === undefined || p95Ms === undefined) return `- (n=${n})`
  return `p50 ${Math.round(p50Ms)} ms, p95 ${Math.round(p95Ms)} ms (n=${n})`
}

function figure(value: number | undefined): string {
  return value === undefined ? '-' : value.toFixed(2)
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`
}
