import { requestJson } from '../api/request.ts'
import { fragmentOf } from '../routing/route.ts'
import { useLoaded } from '../shell/load.ts'
import { Page } from '../shell/page.tsx'
import { Problem } from '../shell/problem.tsx'
import { wordsOf } from '../text/format.ts'
import type { Pipelines, RunningPipeline } from '@kav/client'

/** The pipelines that take calls. */
export default function PipelinesPage() {
  const loaded = useLoaded('pipelines', (signal) => requestJson<Pipelines>('/api/pipelines', { signal }))
  return (
    <Page title="Pipelines">
      {loaded.state === 'failed' && <Problem error={loaded.error} />}
      {loaded.state === 'loaded' && <Table pipelines={loaded.value.pipelines} />}
    </Page>
  )
}

function Table({ pipelines }: Pipelines) {
  if (pipelines.length === 0) return <p class="panel empty">No pipeline takes calls.</p>
  return (
    <div class="panel scrolls">
      <table class="rows">
        <caption class="only-heard">Pipelines that take calls</caption>
        <thead>
          <tr>
            <th scope="col">Pipeline</th>
            <th scope="col">State</th>
            <th scope="col" class="end">
              Calls
            </th>
            <th scope="col">File</th>
            <th scope="col">Version</th>
          </tr>
        </thead>
        <tbody>
          {pipelines.map((pipeline) => (
            <tr key={pipeline.name}>
              <th scope="row">
                <a href={fragmentOf({ page: 'pipeline', name: pipeline.name })}>
                  <bdi>{pipeline.name}</bdi>
                </a>
              </th>
              <td>{stateOf(pipeline)}</td>
              <td class="end number">{pipeline.calls}</td>
              <td>
                <code dir="ltr">{pipeline.file}</code>
              </td>
              <td>
                <code>{pipeline.version}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function stateOf({ refusing, able, providers }: RunningPipeline) {
  if (refusing !== undefined) return <span class="warned">Refuses: {wordsOf(refusing).toLowerCase()}</span>
  if (!able) return <span class="warned">No provider works</span>
  const down = providers.filter(({ state }) => state !== 'closed').length
  return down === 0 ? (
    'Takes calls'
  ) : (
    <span class="warned">
      Takes calls; {down} of {providers.length} providers down
    </span>
  )
}
