import { Buffer } from 'node:buffer'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { asProviderError, messageOf, type PluginKind } from '@kav/core'
import { createProviders, createTransport } from '@kav/core/host'
import { attempt, isSecretKey } from '@kav/core/kit'
import { testContext } from '@kav/core/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openPipeline } from '../src/open-pipeline.ts'
import { createServerLoader, installedPlugins } from '../src/plugins.ts'
import { withoutSecrets } from '../src/privacy/secrets.ts'

const BODY = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKjMzEfYyjiWA4R4'
const PEM = `-----BEGIN PRIVATE KEY-----\n${BODY}\n${BODY}\n-----END PRIVATE KEY-----\n`
const KEY_FILE = JSON.stringify({ type: 'service_account', project_id: 'desk', private_key: PEM })

/** By its looks alone, under whatever name it was put by mistake. */
const SHAPES: Record<string, { secret: string; mark: string }> = {
  'a key file': { secret: KEY_FILE, mark: BODY.slice(20, 40) },
  'half a key file': { secret: KEY_FILE.slice(0, 180), mark: BODY.slice(20, 40) },
  'a key file in base64': {
    secret: Buffer.from(KEY_FILE).toString('base64'),
    mark: Buffer.from(KEY_FILE).toString('base64').slice(120, 140),
  },
  'a private key': { secret: PEM, mark: BODY.slice(20, 40) },
  'a password in an address': { secret: 'https://desk:hunter2hunter2@example.com/v1', mark: 'hunter2' },
  'a key of a service': { secret: 'sk-proj-Zq8v2LmN4pRs6TuW8xYz', mark: 'Zq8v2LmN4p' },
  'a web token': {
    secret: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmN',
    mark: 'eyJzdWIiOiIx',
  },
}
/** By the name it stands under. */
const UNDER_SECRET_NAME = { secret: '7d4f0a9be2c84416b1f35d8e60a7c921', mark: '0a9be2c84416' }

const folder = mkdtempSync(join(tmpdir(), 'kav-planted-'))
afterAll(() => rmSync(folder, { recursive: true }))

const SILENT = { plugin: '@kav/plugin-local' }
const base = (): Record<string, unknown> => ({
  version: 1,
  name: 'planted',
  transport: { plugin: '@kav/plugin-twilio', params: { validate_signature: false } },
  stt: SILENT,
  llm: { plugin: '@kav/plugin-openai', params: { model: 'm', api_key: 'x' } },
  tts: SILENT,
})

interface Target {
  readonly at: string
  readonly kind: PluginKind
  readonly plugin: string
  readonly params: readonly string[]
}
const targets: Target[] = []
beforeAll(async () => {
  const loader = createServerLoader()
  for (const name of installedPlugins()) {
    const found = await loader.loadAll(name, folder)
    if (!found.ok) throw new Error(found.message)
    for (const { kind, params } of found.plugins) {
      const names = Object.keys((params as { properties?: object }).properties ?? {})
      targets.push({ at: `${name} ${kind}`, kind, plugin: name, params: names })
    }
  }
})

/** All that the process says of a pipeline: problems, warnings, why a provider could not be made. */
async function saidOf(pipeline: Record<string, unknown>): Promise<string> {
  const file = join(folder, 'pipeline.yaml')
  // JSON is YAML.
  writeFileSync(file, JSON.stringify(pipeline, null, 2))
  try {
    const { pipeline: loaded, warnings } = await openPipeline(file, {}, createServerLoader())
    const made = await attempt(() => {
      void createTransport(loaded.stages.transport, testContext()).provider.close()
      return createProviders(loaded.stages, () => testContext())
    }).catch((error: unknown) => {
      // What the log shows of it: its words, where it was thrown, and what caused it.
      const { stack, cause } = error as { stack?: string; cause?: unknown }
      return `${messageOf(error)} ${stack} ${messageOf(cause)} ${asProviderError(error, 'x').message}`
    })
    if (typeof made === 'string') return warnings + withoutSecrets(made)
    await made.close()
    return warnings
  } catch (error) {
    return messageOf(error)
  }
}

function planted({ kind, plugin }: Target, values: object): Record<string, unknown> {
  const before = (base()[kind] as { plugin?: string; params?: object } | undefined) ?? {}
  const params = before.plugin === plugin ? before.params : {}
  const stage = { plugin, params: { ...params, ...values } }
  return { ...base(), ...(kind === 'tool' ? { tools: { plugins: [stage] } } : { [kind]: stage }) }
}

describe('a secret in a pipeline file', () => {
  it.each(Object.entries(SHAPES))(
    'is in nothing that is said of the file, whichever param it is put into: %s',
    async (_name, { secret, mark }) => {
      expect(targets.length).toBeGreaterThan(8)
      for (const target of targets) {
        for (const value of [secret, [secret], { [secret]: secret }]) {
          const values = Object.fromEntries(target.params.map((param) => [param, value]))
          expect(await saidOf(planted(target, values)), target.at).not.toContain(mark)
        }
      }
    },
  )

  it('is in nothing that is said when it stands alone, in a file that is right otherwise', async () => {
    const { secret, mark } = SHAPES['a key of a service']!
    for (const target of targets) {
      for (const param of target.params) {
        expect(await saidOf(planted(target, { [param]: secret })), `${target.at} ${param}`).not.toContain(
          mark,
        )
      }
    }
  })

  it('is in nothing that is said when its name says what it is, or when it stands in the place of a name', async () => {
    const { secret, mark } = UNDER_SECRET_NAME
    for (const target of targets) {
      for (const param of target.params.filter(isSecretKey)) {
        for (const value of [secret, [secret, 1]]) {
          expect(await saidOf(planted(target, { [param]: value })), `${target.at} ${param}`).not.toContain(
            mark,
          )
        }
      }
      expect(await saidOf(planted(target, { [secret]: true })), target.at).not.toContain(mark)
    }
    expect(await saidOf({ ...base(), [secret]: 1 })).not.toContain(mark)
  })
})
