import { requestJson } from '../api/request.ts'
import { useLoaded } from '../shell/load.ts'
import { Page } from '../shell/page.tsx'
import { Problem } from '../shell/problem.tsx'
import type { PipelineFile, PipelineProblem } from '@kav/client'
import { partsOf } from './yaml-parts.ts'
import { yamlOf } from './yaml-of.ts'
import './pipelines.css'

/** The file of one pipeline, what is wrong with it, and what it comes to. */
export default function PipelinePage({ name }: { name: string }) {
  const loaded = useLoaded(name, (signal) =>
    requestJson<PipelineFile>(`/api/pipelines/${encodeURIComponent(name)}`, { signal }),
  )
  const pipeline = loaded.state === 'loaded' ? loaded.value : undefined
  return (
    <Page title={name} name={name} aside={<a href="#/pipelines">All pipelines</a>}>
      {loaded.state === 'failed' && <Problem error={loaded.error} />}
      {pipeline && (
        <>
          <Changed pipeline={pipeline} />
          <div class={pipeline.effective === undefined ? 'column' : 'pipeline'}>
            <div class="column">
              <Problems problems={pipeline.problems} />
              <Yaml pipeline={pipeline} />
            </div>
            {pipeline.effective !== undefined && <Effective value={pipeline.effective} />}
          </div>
        </>
      )}
    </Page>
  )
}

function Changed({ pipeline: { running, version } }: { pipeline: PipelineFile }) {
  if (version === running || version === undefined) return null
  return (
    <p class="notice" role="status">
      The file has changed since it was read: <code>kav reload</code> takes it up. Running is{' '}
      <code>{running}</code>, the file is <code>{version}</code>.
    </p>
  )
}

function Problems({ problems }: { problems: readonly PipelineProblem[] }) {
  return (
    <section class="panel" aria-labelledby="problems-title">
      <header>
        <h2 id="problems-title">Problems</h2>
        <span class="soft number">{problems.length === 0 ? 'none' : problems.length}</span>
      </header>
      {problems.length > 0 && (
        <ul class="body problems">
          {problems.map((problem, index) => (
            <li key={index} class={problem.level}>
              <a
                href={`#line-${problem.line}`}
                onClick={(event) => {
                  event.preventDefault()
                  const line = document.getElementById(`line-${problem.line}`)
                  line?.scrollIntoView({ block: 'center' })
                  line?.focus({ preventScroll: true })
                }}
              >
                <span class="number">
                  {problem.line}:{problem.column}
                </span>
              </a>
              <span>
                <strong>{problem.level === 'error' ? 'Error' : 'Warning'}</strong>{' '}
                {problem.path && <code>{problem.path}</code>} <bdi>{problem.message}</bdi>
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

function Yaml({ pipeline: { yaml, problems, file } }: { pipeline: PipelineFile }) {
  const lines = yaml.replace(/\n$/, '').split('\n')
  return (
    <section class="panel" aria-labelledby="yaml-title">
      <header>
        <h2 id="yaml-title">File</h2>
        <code class="soft" dir="ltr">
          {file}
        </code>
      </header>
      <div class="yaml" tabIndex={0} role="group" aria-labelledby="yaml-title">
        <ol>
          {lines.map((line, index) => (
            <Line
              key={index}
              number={index + 1}
              text={line}
              problems={problems.filter((one) => one.line === index + 1)}
            />
          ))}
        </ol>
      </div>
    </section>
  )
}

function Line({
  number,
  text,
  problems,
}: {
  number: number
  text: string
  problems: readonly PipelineProblem[]
}) {
  return (
    <li id={`line-${number}`} tabIndex={-1} class={problems[0]?.level}>
      <span class="line-number" aria-hidden="true">
        {number}
      </span>
      <span class="line-text">
        {partsOf(text, problems).map(({ text: part, looks, problem }, index) =>
          problem ? (
            <mark key={index} class={`${looks} ${problem.level}`} title={problem.message}>
              {part}
            </mark>
          ) : (
            <span key={index} class={looks}>
              {part}
            </span>
          ),
        )}
        {problems.map((problem, index) => (
          <span key={index} class="line-problem">
            {problem.message}
          </span>
        ))}
      </span>
    </li>
  )
}

function Effective({ value }: { value: unknown }) {
  return (
    <section class="panel" aria-labelledby="effective-title">
      <header>
        <h2 id="effective-title">What it comes to</h2>
        <span class="soft">with defaults and variables; secrets are hidden</span>
      </header>
      <pre class="yaml plain" tabIndex={0} role="group" aria-labelledby="effective-title">
        {yamlOf(value)}
      </pre>
    </section>
  )
}
