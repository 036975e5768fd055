import { readdirSync, readFileSync } from 'node:fs'
import { parse, parseAllDocuments } from 'yaml'
import { readEnvironment } from '../../../apps/server/dist/environment.js'
import { OWN_PATHS } from '../../../apps/server/dist/own-paths.js'
import { root } from '../../run.mjs'

const SOURCE = `${root}apps/server/src/`

/** Files of the kit, and what the source has to say about what they name. */
export const text = (path) => readFileSync(`${root}deploy/${path}`, 'utf8')
/** With `<<`, as compose has it. */
export const yaml = (path) => parse(text(path), { merge: true })
export const yamlDocuments = (path) => parseAllDocuments(text(path)).map((one) => one.toJS())

/** What is answered on the operator's port. */
export const ADMIN_PATHS = Object.values(OWN_PATHS)

const SOURCE_OF_VARIABLES = ['environment.ts', 'fleet/fleet-settings.ts']
  .map((file) => readFileSync(SOURCE + file, 'utf8'))
  .join('\n')

/**
 * Of the environment of a process of Kav, the settings that the process makes of it. Throws for a value that it does
 * not take, and for a variable that it does not read.
 */
export function settingsOf(environment) {
  for (const name of Object.keys(environment)) {
    if (name !== 'NODE_ENV' && !SOURCE_OF_VARIABLES.includes(`'${name}'`))
      throw new Error(`${name} is read by nobody`)
  }
  return readEnvironment(environment)
}

/** What the image fixes, as its last stage says. */
export function image() {
  const stage = text('docker/Dockerfile')
    .split(/^FROM /m)
    .at(-1)
  const one = (pattern) => pattern.exec(stage)?.[1]
  return {
    user: one(/^USER (\S+)$/m),
    folder: one(/^WORKDIR (\S+)$/m),
    volume: one(/^VOLUME (\S+)$/m),
    exposed: Number(one(/^EXPOSE (\d+)$/m)),
    environment: Object.fromEntries(
      one(/^ENV (.+)$/m)
        .split(' ')
        .map((pair) => pair.split('=')),
    ),
    /** What `kav` is told. */
    command: JSON.parse(one(/^CMD (\[.+\])$/m)),
    healthCheck: one(/^ {2}CMD (\[.+\])$/m),
  }
}

/** Calls that were promised come within so much. */
const PROMISED_MS = constantOf('PROMISED_LIMIT_MS')
/** Once draining is over, until the process has ended (docs/operating.md). */
const FILES_MS = 5000

/** What a process needs so that it cuts no call: for draining, and for its end. */
export function timesNeeded(pipeline, { drainMs }) {
  return { drainMs: pipeline.conversation.max_call_ms + PROMISED_MS, endMs: drainMs + FILES_MS }
}

function constantOf(name) {
  const expression = new RegExp(`${name} = ([\\d_]+)`)
  const found = readdirSync(SOURCE, { recursive: true })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => expression.exec(readFileSync(SOURCE + file, 'utf8'))?.[1])
    .find((value) => value !== undefined)
  if (found === undefined) throw new Error(`${name} is nowhere in ${SOURCE}`)
  return Number(found.replaceAll('_', ''))
}
