import { createHash } from 'node:crypto'
import { resolve } from 'node:path'
import { setImmediate as breath } from 'node:timers/promises'
import { CALL_EVENTS, type LoadedPipeline, type RedactedEvent, secretsOfPipeline } from '@kav/core/host'
import { isSecretKey, readRegularFile, Redactor } from '@kav/core/kit'

/** A key file is 2 to 3 KB. */
const MAX_FILE_BYTES = 32_768
/** Of a process, over all its reloads: each takes memory, and a look at every text. */
const MAX_SECRETS = 2000
const MAX_CHARS = 200_000
/** Learnt at once, before a call has its turn. */
const CHARS_A_BREATH = 1000

/** Shorter ones are no secret. */
const MIN_CHARS = 6
const HIDDEN = '(hidden)'

/** What must not be shown, and takes it out of texts. */
export interface SecretShelf {
  /** One that has no room is counted, and is not hidden. */
  add(secret: string): void
  /** The same for many, with room for others in between. */
  addAll(secrets: readonly string[]): Promise<void>
  clean(text: string): string
  /** How many had no room. */
  readonly beyond: number
}

/** @param limits absent: whoever made them is ended when they are too many. */
export function createSecretShelf(limits = { secrets: Infinity, chars: Infinity }): SecretShelf {
  const redactor = new Redactor()
  const room = { ...limits }
  /** Each counts once, however often it is read. */
  const beyond = new Set<string>()

  function add(secret: string): void {
    // To hide the name of an event would hide it in every line of the log.
    if (!redactor.takes(secret) || Object.hasOwn(CALL_EVENTS, secret.trim())) return
    if (room.secrets < 1 || room.chars < secret.length) {
      if (beyond.size < limits.secrets) beyond.add(createHash('sha256').update(secret).digest('base64'))
      return
    }
    room.secrets--
    room.chars -= secret.length
    redactor.add(secret)
  }

  return {
    add,
    async addAll(secrets) {
      let chars = 0
      for (const secret of secrets) {
        add(secret)
        chars += secret.length
        if (chars < CHARS_A_BREATH) continue
        chars = 0
        await breath()
      }
    },
    clean: (text) => redactor.clean(text),
    get beyond() {
      return beyond.size
    },
  }
}

/**
 * What this process knows to be secret. One for the process: every way out of it (log, console, files of calls, HTTP
 * answers) gives its text to `withoutSecrets`, and what became known for one pipeline is hidden everywhere.
 */
const known = createSecretShelf({ secrets: MAX_SECRETS, chars: MAX_CHARS })

/** The text without secrets. */
export function withoutSecrets(text: string): string {
  return known.clean(text)
}

/** Looks at so many parts of one event, for a plugin may give it a value that has no end. */
const MAX_PARTS = 10_000

/**
 * What a call tells of itself, without secrets; the same one where it has none. All that keeps it or sends it on has it
 * from here: record, journal, store, hooks, traces, and who watches. Never throws.
 */
export function eventWithoutSecrets(event: RedactedEvent): RedactedEvent {
  const left = { parts: MAX_PARTS }
  const fields = cleanFields(event.fields, left)
  const said = cleanFields(event.private, left)
  return fields === event.fields && said === event.private ? event : { ...event, fields, private: said }
}

type Fields = RedactedEvent['fields']

function cleanFields(fields: Fields, left: { parts: number }): Fields {
  try {
    return cleanValue(fields, left) as Fields
  } catch {
    // One of them throws when it is looked at.
    return {}
  }
}

function cleanValue(value: unknown, left: { parts: number }): unknown {
  if (typeof value === 'string') return value.length < MIN_CHARS ? value : known.clean(value)
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value
  if (Array.isArray(value)) {
    const items = value.map((item) => (left.parts-- > 0 ? cleanValue(item, left) : HIDDEN))
    return items.some((item, at) => item !== value[at]) ? items : value
  }
  let changed: Record<string, unknown> | undefined
  for (const key in value) {
    const item = (value as Record<string, unknown>)[key]
    const clean = left.parts-- > 0 ? cleanValue(item, left) : HIDDEN
    if (clean !== item) (changed ??= { ...value })[key] = clean
  }
  return changed ?? value
}

/** How many secrets this process has no room for: they are hidden nowhere. */
export function secretsBeyond(): number {
  return known.beyond
}

/** By its name a password; it is the folder the process runs in. */
const FOLDERS: ReadonlySet<string> = new Set(['PWD', 'OLDPWD'])

/** Variables whose name says that they are secret, whether a pipeline names them or an SDK reads them by itself. */
export function hideEnvironment(env: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && isSecretKey(name) && !FOLDERS.has(name)) known.add(value)
  }
}

/** Passwords that stand in something else, such as an address. */
export function hideTexts(texts: readonly string[]): void {
  for (const text of texts) known.add(text)
}

/** What stands under secret params, and in the files these name. Never rejects. */
export async function hidePipeline(pipeline: Pick<LoadedPipeline, 'config' | 'baseDir'>): Promise<void> {
  await known.addAll(await secretsIn(pipeline))
}

/** What `hidePipeline` hides. */
export async function secretsIn({
  config,
  baseDir,
}: Pick<LoadedPipeline, 'config' | 'baseDir'>): Promise<readonly string[]> {
  const { texts, files } = secretsOfPipeline(config)
  const contents: string[] = []
  for (const file of new Set(files)) {
    // One that cannot be read now is told of by its plugin.
    const bytes = await readRegularFile(resolve(baseDir, file), MAX_FILE_BYTES).catch(() => undefined)
    if (bytes !== undefined) contents.push(bytes.toString('utf8'))
  }
  return [...texts, ...contents]
}
