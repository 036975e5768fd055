import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { root } from '../../run.mjs'
import { ADMIN_PATHS, image, settingsOf, timesNeeded, yaml } from './kit-files.mjs'

const FOLDER = 'kubernetes'
const base = (name) => yaml(`${FOLDER}/base/${name}.yaml`)
const component = (name) => yaml(`${FOLDER}/components/${name}.yaml`)

const deployment = base('deployment')
const pod = deployment.spec.template
const [container] = pod.spec.containers
const pipeline = base('pipeline')
const environment = Object.fromEntries(container.env.map(({ name, value }) => [name, value]))
const settings = settingsOf({ ...image().environment, ...environment })
const portNamed = (name) => container.ports.find((port) => port.name === name)?.containerPort

describe('the pod', () => {
  it('is allowed where the strictest standard is asked for (restricted)', () => {
    expect(pod.spec.securityContext).toMatchObject({
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    })
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    })
    const { runAsUser, runAsGroup, fsGroup } = pod.spec.securityContext
    expect(`${runAsUser}:${runAsGroup}`).toBe(image().user)
    expect(fsGroup).toBe(runAsGroup)
    expect(pod.spec.automountServiceAccountToken).toBe(false)
    expect(pod.spec.hostNetwork ?? pod.spec.hostPID ?? pod.spec.hostIPC).toBeUndefined()
  })

  it('is the image, with the pipeline where it looks for it and its folder to write to', () => {
    const mounted = Object.fromEntries(container.volumeMounts.map(({ name, mountPath }) => [name, mountPath]))
    const [{ name, files }] = base('kustomization').configMapGenerator
    expect(`${mounted.pipeline}/${files[0]}`).toBe(image().command[1])
    expect(pod.spec.volumes.find((one) => one.name === 'pipeline').configMap.name).toBe(name)
    expect(mounted.calls).toBe(image().folder)
    expect(pod.spec.volumes.map((one) => one.name).toSorted()).toEqual(Object.keys(mounted).toSorted())
  })

  it('is probed on the operator’s port, by paths that are answered there', () => {
    const probes = ['startupProbe', 'livenessProbe', 'readinessProbe'].map((name) => container[name].httpGet)
    expect(probes.map(({ path }) => path)).toEqual(['/startupz', '/livez', '/readyz'])
    for (const { path, port } of probes) {
      expect(ADMIN_PATHS).toContain(path)
      expect(portNamed(port)).toBe(settings.adminPort)
    }
    expect(portNamed('calls')).toBe(settings.port)
    // Else the probes, which come from the node, would find nobody.
    expect(settings.adminHost).toBe('0.0.0.0')
  })

  it('ends no call before its time, and is gone from the balancers before it refuses one', () => {
    const { drainMs, endMs } = timesNeeded(pipeline, settings)
    expect(settings.drainMs).toBeGreaterThanOrEqual(drainMs)
    const [program, seconds] = container.lifecycle.preStop.exec.command
    expect(program).toBe('sleep')
    expect(pod.spec.terminationGracePeriodSeconds * 1000).toBeGreaterThan(Number(seconds) * 1000 + endMs)
    expect(pipeline.limits).toMatchObject({ when_full: 'elsewhere', when_draining: 'elsewhere' })
    expect(deployment.spec.strategy.rollingUpdate.maxUnavailable).toBe(0)
  })

  it('is not the first process of its container', () => expect(pod.spec.shareProcessNamespace).toBe(true))
})

describe('what stands round the pods', () => {
  const { labels } = pod.metadata
  it('means these pods', () => {
    const selectors = [
      deployment.spec.selector.matchLabels,
      base('service').spec.selector,
      base('disruption-budget').spec.selector.matchLabels,
      base('network-policy').spec.podSelector.matchLabels,
      component('prometheus-operator/pod-monitor').spec.selector.matchLabels,
      pod.spec.topologySpreadConstraints[0].labelSelector.matchLabels,
    ]
    for (const selector of selectors) expect(selector).toEqual(labels)
  })

  it('brings in what the carrier asks for, and nothing else', () => {
    const [{ http }] = base('ingress').spec.rules
    const { service } = http.paths[0].backend
    expect(http.paths).toHaveLength(1)
    expect(service.name).toBe(base('service').metadata.name)
    const [port] = base('service').spec.ports
    expect(port.name).toBe(service.port.name)
    expect(base('service').spec.ports).toHaveLength(1)
    expect(portNamed(port.targetPort)).toBe(settings.port)
  })

  it('lets Prometheus alone to the operator’s port', () => {
    const allowed = base('network-policy').spec.ingress.filter(({ ports }) =>
      ports.some(({ port }) => portNamed(port) === settings.adminPort),
    )
    expect(allowed).toHaveLength(1)
    expect(allowed[0].from).toHaveLength(1)
    expect(allowed[0].from[0].podSelector.matchLabels).toEqual({ 'app.kubernetes.io/name': 'prometheus' })
    const [endpoint] = component('prometheus-operator/pod-monitor').spec.podMetricsEndpoints
    expect(portNamed(endpoint.port)).toBe(settings.adminPort)
    expect(ADMIN_PATHS).toContain(endpoint.path)
  })

  it('has as many pods as calls need, each with as many as the pipeline allows', () => {
    const { spec } = component('keda/scaled-object')
    expect(spec.scaleTargetRef.name).toBe(deployment.metadata.name)
    expect(Number(spec.triggers[0].metadata.threshold)).toBe(pipeline.limits.max_calls)
    expect(spec.minReplicaCount).toBe(deployment.spec.replicas)
  })

  it('has the alerts of the manual', () => {
    const alerts = parse(readFileSync(`${root}docs/alerts.yaml`, 'utf8'))
    expect(component('prometheus-operator/alerts').spec).toEqual(alerts)
  })
})

describe.each(['base', 'components/prometheus-operator', 'components/keda', 'overlays/example'])(
  '%s',
  (name) => {
    const folder = join(root, 'deploy', FOLDER, name)
    const {
      resources,
      components = [],
      configMapGenerator = [],
    } = yaml(`${FOLDER}/${name}/kustomization.yaml`)

    it('names every file that it has, and none that it has not', () => {
      for (const one of [...resources, ...components]) expect(existsSync(join(folder, one)), one).toBe(true)
      const files = configMapGenerator.flatMap((map) => map.files.map((file) => file.split('=').at(-1)))
      const inside = [...resources.filter((one) => !one.startsWith('..')), ...files, 'kustomization.yaml']
      expect(readdirSync(folder).toSorted()).toEqual(inside.toSorted())
    })
  },
)
