// By hand, where Go and its module proxy are: what `npm test` cannot look at in deploy/. Renders the manifests as
// `kubectl apply --kustomize` does, holds them against the schemas of Kubernetes and of the operators (a field that does
// not exist is an error), and the compose file against that of Compose. Leaves Caddy in .cache, so that the tests of it
// run, too.   node scripts/check-deploy.mjs
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from './run.mjs'

const PROGRAMS = [
  { name: 'kustomize', source: 'sigs.k8s.io/kustomize/kustomize/v5@v5.8.1' },
  { name: 'kubectl-validate', source: 'sigs.k8s.io/kubectl-validate@v0.0.4' },
  { name: 'compose', source: 'github.com/compose-spec/compose-go/v2/cmd@v2.16.2', built: 'cmd' },
  { name: 'caddy', source: 'github.com/caddyserver/caddy/v2/cmd/caddy@v2.11.9' },
]
const KUBERNETES = '1.30'
/** Modules that carry the schemas of kinds that are not Kubernetes' own. */
const OPERATORS = [
  {
    module: 'github.com/prometheus-operator/prometheus-operator@v0.85.0',
    folder: 'example/prometheus-operator-crd',
    kinds: /_(podmonitors|prometheusrules)\.yaml$/,
  },
  {
    module: 'github.com/kedacore/keda/v2@v2.20.2',
    folder: 'config/crd/bases',
    kinds: /_scaledobjects\.yaml$/,
  },
]

const cache = `${root}.cache/`
const work = mkdtempSync(join(tmpdir(), 'kav-deploy-'))
try {
  for (const program of PROGRAMS) build(program)
  const schemas = collectSchemas()
  for (const folder of ['base', 'overlays/example']) checkManifests(folder, schemas)
  checkCompose()
  for (const file of ['Caddyfile', 'Caddyfile.admin'])
    must(program('caddy'), ['validate', '--adapter', 'caddyfile', '--config', `${root}deploy/caddy/${file}`])
  console.log(
    'deploy/caddy: Caddy takes it. The tests: npx vitest run apps/server/test/{rolling-restart,caddy-reload}.test.ts',
  )
} finally {
  rmSync(work, { recursive: true, force: true })
}

function program(name) {
  return join(cache, name, name)
}

function build({ name, source, built = name }) {
  if (existsSync(program(name))) return
  console.log(`building ${source} …`)
  must('go', ['install', '-ldflags=-s -w', source], { env: { ...process.env, GOBIN: work } })
  mkdirSync(join(cache, name), { recursive: true })
  cpSync(join(work, built), program(name))
}

function collectSchemas() {
  const schemas = join(work, 'schemas')
  mkdirSync(schemas)
  for (const { module, folder, kinds } of OPERATORS) {
    const { Dir } = JSON.parse(must('go', ['mod', 'download', '-json', module]))
    for (const file of readdirSync(join(Dir, folder)).filter((one) => kinds.test(one)))
      cpSync(join(Dir, folder, file), join(schemas, file))
  }
  return schemas
}

function checkManifests(folder, schemas) {
  const rendered = must(program('kustomize'), ['build', `${root}deploy/kubernetes/${folder}`])
  const kinds = [...rendered.matchAll(/^kind: (\w+)$/gm)].map(([, kind]) => kind)
  const check = (name, text) => {
    writeFileSync(join(work, name), text)
    return spawnSync(
      program('kubectl-validate'),
      ['--version', KUBERNETES, '--local-crds', schemas, join(work, name)],
      { encoding: 'utf8' },
    )
  }
  const { status, stdout, stderr } = check('all.yaml', rendered)
  if (status !== 0) throw new Error(`deploy/kubernetes/${folder}:\n${stdout}${stderr}`)
  // A check that lets everything pass would say the same.
  if (check('misspelt.yaml', rendered.replace('readinessProbe:', 'readinesProbe:')).status === 0)
    throw new Error('a field that does not exist is let pass')
  console.log(`deploy/kubernetes/${folder}: ${kinds.join(', ')} are right to Kubernetes ${KUBERNETES}`)
}

function checkCompose() {
  const folder = join(work, 'compose')
  cpSync(`${root}deploy/compose`, folder, { recursive: true })
  cpSync(join(folder, 'kav.env.example'), join(folder, 'kav.env'))
  must(program('compose'), [join(folder, 'compose.yaml')])
  must(program('compose'), [join(folder, 'compose.yaml'), join(folder, 'compose.postgres.yaml')])
  console.log('deploy/compose: right to Compose')
}

function must(command, args, options = {}) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: work,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    ...options,
  })
  if (status !== 0) throw new Error(`${[command, ...args].join(' ')}: ${error?.message ?? stdout + stderr}`)
  return stdout
}
