import { type Panel, panelLines } from '@kav/core/panel'

/** The panel of calls that were placed here, a line each; none where the caller never spoke. */
export function panelText(panel: Panel): readonly string[] {
  const heard = Object.values(panel.selectivity).reduce((total, { n }) => total + n, panel.unscored)
  if (panel.words + heard === 0) return []
  const calls = panel.calls === 1 ? '' : ` of ${panel.calls} calls`
  return [
    `turn-taking${calls} (what a sound of the caller was is derived where the script does not say):`,
    ...panelLines(panel).map((line) => `  ${line}`),
  ]
}
