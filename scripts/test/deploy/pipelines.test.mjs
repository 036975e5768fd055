import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { root } from '../../run.mjs'
import { text, yaml } from './kit-files.mjs'

const PIPELINES = [
  'compose/pipeline.yaml',
  'kubernetes/base/pipeline.yaml',
  'kubernetes/overlays/example/front-desk.yaml',
]
/** What an operator fills in; of the right form, for they are looked at. */
const FILLED_IN = {
  TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
  TWILIO_AUTH_TOKEN: '0123456789abcdef'.repeat(2),
  OPENAI_API_KEY: 'sk-filled-in-0123456789',
}

function validate(files) {
  const example = [...text('compose/kav.env.example').matchAll(/^(\w+)=(.*)$/gm)]
  const environment = Object.fromEntries(example.map(([, name, value]) => [name, value || FILLED_IN[name]]))
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['apps/server/bin/kav.js', 'validate', ...files],
    { cwd: root, env: { PATH: process.env.PATH, ...environment }, encoding: 'utf8' },
  )
  return { status, said: stdout + stderr }
}

it('the pipelines are right, with the variables of the example and no others', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kav-kit-'))
  // With the file that the container has.
  const besides = join(folder, 'pipeline.postgres.yaml')
  writeFileSync(besides, text('compose/pipeline.postgres.yaml').replace('/run/secrets/', './'))
  writeFileSync(join(folder, 'kav-postgres-password'), 'of the container')
  const files = [...PIPELINES.map((name) => `deploy/${name}`), besides]
  try {
    expect(validate(files)).toEqual({ status: 0, said: files.map((file) => `${file}: ok\n`).join('') })
  } finally {
    rmSync(folder, { recursive: true })
  }
})

it('every balancer passes on the paths that the transport answers, and no more than 64 KB', () => {
  const schema = readFileSync(`${root}pipelines/pipeline.schema.json`, 'utf8')
  const paths = ['voice_path', 'media_path', 'status_path'].map(
    (name) => new RegExp(`"${name}": \\{[^}]*?"default": "([^"]+)"`).exec(schema)[1],
  )
  const { metadata, spec } = yaml('kubernetes/base/ingress.yaml')
  const prefixes = [
    /location (\S+) \{/.exec(text('nginx/kav-server.conf'))[1],
    /handle (\S+)\* \{/.exec(text('caddy/Caddyfile'))[1],
    spec.rules[0].http.paths[0].path,
  ]
  for (const prefix of prefixes) for (const path of paths) expect(path.startsWith(prefix)).toBe(true)

  const bound = readFileSync(`${root}apps/server/src/http/request-body.ts`, 'utf8')
  expect(/MAX_BODY_BYTES = (\S+ \* \S+|\S+)/.exec(bound)[1]).toMatch(/^(64 \* 1024|65_536)$/)
  expect(text('nginx/kav-server.conf')).toContain('client_max_body_size 64k;')
  expect(text('caddy/Caddyfile')).toContain('request_buffers 64KiB')
  expect(metadata.annotations['nginx.ingress.kubernetes.io/proxy-body-size']).toBe('64k')
})
