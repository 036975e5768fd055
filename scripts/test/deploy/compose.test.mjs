import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from '../../run.mjs'
import { ADMIN_PATHS, image, settingsOf, text, timesNeeded, yaml } from './kit-files.mjs'

const FOLDER = `${root}deploy/compose/`
const compose = yaml('compose/compose.yaml')
const besides = yaml('compose/compose.postgres.yaml')
const services = Object.entries({ ...compose.services, postgres: besides.services.postgres })
const processes = services.filter(([name]) => name.startsWith('kav-'))
const pipeline = yaml('compose/pipeline.yaml')
const secondsOf = (text) => Number(/^(\d+)s$/.exec(text)[1])
const mountsOf = ({ volumes = [] }) =>
  volumes.map((one) => {
    if (typeof one !== 'string')
      return { from: one.source, to: one.target, mode: one.read_only ? 'ro' : 'rw' }
    const [from, to, mode = 'rw'] = one.split(':')
    return { from, to, mode }
  })

describe.each(services)('the container %s', (_, service) => {
  it('can do no more than it must', () => {
    expect(service).toMatchObject({
      read_only: true,
      cap_drop: ['ALL'],
      security_opt: ['no-new-privileges:true'],
      user: expect.stringMatching(/^[1-9]\d*:\d+$/),
    })
    expect(service.privileged ?? service.cap_add ?? service.network_mode).toBeUndefined()
  })

  it('is asked whether it is well, and writes no endless log', () => {
    expect(service.healthcheck.test[0]).toBe('CMD')
    expect(service.logging.options).toMatchObject({
      'max-size': expect.any(String),
      'max-file': expect.any(String),
    })
  })

  it('is given files that are there, to read', () => {
    for (const { from, mode } of mountsOf(service)) {
      const file = from.replace(/^\$\{\w+:-(.+)\}$/, '$1')
      const volumes = { ...compose.volumes, ...besides.volumes }
      if (!file.startsWith('.')) expect(Object.keys(volumes)).toContain(file)
      else expect([existsSync(resolve(FOLDER, file)), mode]).toEqual([true, 'ro'])
    }
  })

  it('is reached from outside by the carrier alone', () => {
    for (const port of service.ports ?? []) expect(port).toMatch(/^(443:443$|127\.0\.0\.1:)/)
  })
})

describe.each(processes)('the process %s', (name, service) => {
  const settings = settingsOf({ ...image().environment, ...service.environment })

  it('is reached where nginx, Prometheus and its health check look for it', () => {
    const address = service.networks.calls.ipv4_address
    expect(text('compose/nginx.conf')).toContain(`server ${address}:${settings.port} max_fails=0;`)
    const [job] = yaml('compose/prometheus/prometheus.yaml').scrape_configs
    expect(job.static_configs[0].targets).toContain(`${name}:${settings.adminPort}`)
    expect(settings.adminHost).toBe('0.0.0.0')
    const [, port, path] = /127\.0\.0\.1:(\d+)(\/\w+)'/.exec(service.healthcheck.test.at(-1))
    expect([Number(port), ADMIN_PATHS.includes(path)]).toEqual([settings.adminPort, true])
  })

  it('ends no call before its time', () => {
    const { drainMs, endMs } = timesNeeded(pipeline, settings)
    expect(settings.drainMs).toBeGreaterThanOrEqual(drainMs)
    expect(secondsOf(service.stop_grace_period) * 1000).toBeGreaterThan(endMs)
    expect(pipeline.limits).toMatchObject({ when_full: 'elsewhere', when_draining: 'elsewhere' })
  })

  it('runs as the image does, with its pipeline and its folder', () => {
    expect(service.user).toBe(image().user)
    expect(mountsOf(service).map(({ to }) => to)).toEqual([image().command[1], image().folder])
    // Signals to itself: docs/deployment.md.
    expect(service.init).toBe(true)
  })
})

describe('nginx before them', () => {
  const { nginx } = compose.services

  it('passes on to those that there are, each on an address of its own in the subnet', () => {
    const named = [...text('compose/nginx.conf').matchAll(/server ([\d.]+):/g)].map(([, address]) => address)
    expect(named).toEqual(processes.map(([, { networks }]) => networks.calls.ipv4_address))
    const [{ subnet }] = compose.networks.calls.ipam.config
    for (const address of named) expect(subnet).toBe(address.replace(/\.\d+$/, '.0/24'))
  })

  it('lets streams end as long as the processes do', () => {
    expect(nginx.stop_signal).toBe('SIGQUIT')
    for (const [, { stop_grace_period }] of processes) expect(nginx.stop_grace_period).toBe(stop_grace_period)
  })

  it('is given the file that a machine without containers has, and a certificate where that looks for it', () => {
    const mounts = mountsOf(nginx).map(({ from, to }) => [from, to])
    expect(mounts).toContainEqual(['../nginx/kav-server.conf', '/etc/nginx/kav-server.conf'])
    expect(text('compose/nginx.conf')).toContain('include /etc/nginx/kav-server.conf;')
    const named = [...text('nginx/kav-server.conf').matchAll(/ssl_certificate(?:_key)? (\S+);/g)]
    expect(nginx.secrets.map(({ target }) => target)).toEqual(named.map(([, path]) => path))
    for (const { source } of nginx.secrets) expect(Object.keys(compose.secrets)).toContain(source)
  })
})

it('with PostgreSQL, both keep their calls in it, and its password is in files alone', () => {
  const { store, ...rest } = yaml('compose/pipeline.postgres.yaml')
  expect(rest).toEqual(pipeline)
  const { username, password, hostname, pathname } = new URL(store.params.url)
  const { postgres } = besides.services
  expect([hostname, password]).toEqual(['postgres', ''])
  expect(postgres.environment).toMatchObject({ POSTGRES_USER: username, POSTGRES_DB: pathname.slice(1) })
  for (const [name] of processes) {
    const { environment, secrets, networks, volumes } = besides.services[name]
    expect(environment).toBeUndefined()
    expect(store.params.password_file).toBe(`/run/secrets/${secrets[0]}`)
    expect([Object.keys(networks), postgres.networks]).toEqual([['store'], ['store']])
    const { from, to } = mountsOf({ volumes })[0]
    expect([from, to]).toEqual(['${KAV_PIPELINE:-./pipeline.postgres.yaml}', image().command[1]])
  }
  expect(postgres.environment.POSTGRES_PASSWORD_FILE).toBe(`/run/secrets/${postgres.secrets[0]}`)
  for (const { file } of Object.values(besides.secrets)) expect(file).toMatch(/^\.\/secrets\//)
  expect(postgres.ports).toBeUndefined()
})

it('keys are asked for in the example, and are in no image and no commit', () => {
  const asked = [...text('compose/pipeline.yaml').matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name)
  const given = [...text('compose/kav.env.example').matchAll(/^(\w+)=/gm)].map(([, name]) => name)
  expect(given.toSorted()).toEqual([...new Set(asked)].toSorted())
  expect(compose.services['kav-1'].env_file).toEqual(['kav.env'])
  for (const { file } of Object.values(compose.secrets)) expect(file).toMatch(/^\.\/secrets\//)
  expect(text('compose/.gitignore').split('\n')).toEqual(expect.arrayContaining(['kav.env', 'secrets/']))
  expect(text('../.dockerignore').split('\n')).toContain('deploy')
})
