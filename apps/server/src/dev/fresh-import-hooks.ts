import type { MessagePort } from 'node:worker_threads'

interface Resolved {
  readonly url: string
  readonly format?: string
  readonly shortCircuit?: boolean
}
type NextResolve = (specifier: string, context: { readonly parentURL?: string }) => Promise<Resolved>

interface LoadContext {
  readonly format?: string | null | undefined
}
type NextLoad = (url: string, context: LoadContext) => Promise<object>

/** One reading of a plugin: its files as they were then, by URL. */
export interface HandedReading {
  readonly reading: string
  readonly texts: readonly (readonly [url: string, text: string])[]
}

/** For as long as the process: what calls run on may import more of it at any time. */
const readings = new Map<string, ReadonlyMap<string, string>>()

/** Formats whose source is a text. */
const TEXTS: ReadonlySet<unknown> = new Set(['module', 'module-typescript', 'json'])

/** Called by Node.js, on the thread of its loader, with what `register` was given. Each reading is acknowledged. */
export function initialize(port: MessagePort): void {
  port.on('message', ({ reading, texts }: HandedReading) => {
    readings.set(reading, new Map(texts))
    port.postMessage(reading)
  })
}

/**
 * Called by Node.js for every import: what a plugin that is imported as `plugin.js?kav=…` imports of its own is of the
 * same reading as itself, also where the file is gone by then. Packages are shared by all of them, the core above all.
 */
export async function resolve(
  specifier: string,
  context: { readonly parentURL?: string },
  next: NextResolve,
): Promise<Resolved> {
  const reading = placeOf(context.parentURL ?? '')?.reading
  const isRelative = specifier.startsWith('.')
  if (reading === undefined || !(isRelative || /^(#|file:)/.test(specifier))) return next(specifier, context)
  try {
    const found = await next(specifier, context)
    // What `#wire` and whole addresses lead to may be of another package.
    const isOwn = isRelative || isRead(reading, found.url)
    return isOwn && placeOf(found.url) === undefined
      ? { ...found, url: ofReading(found.url, reading) }
      : found
  } catch (error) {
    // As an address, `#wire` would be a place in the module that names it.
    if (specifier.startsWith('#')) throw error
    const { href } = new URL(specifier, context.parentURL)
    if (!isRead(reading, href)) throw error
    return { url: ofReading(href, reading), format: 'module', shortCircuit: true }
  }
}

/** Called by Node.js for every module: one of a reading has the text that it had then, whenever it is imported. */
export async function load(url: string, context: LoadContext, next: NextLoad): Promise<object> {
  const { file = '', reading = '' } = placeOf(url) ?? {}
  const source = readings.get(reading)?.get(file)
  if (source === undefined) return next(url, context)
  const format = context.format ?? formatOf(file, source)
  return TEXTS.has(format) ? { format, source, shortCircuit: true } : next(url, context)
}

/** Where package.json does not say what it is, Node.js looks at the text, too. */
function formatOf(file: string, source: string): string | undefined {
  if (!/^[ \t]*(?:import|export)\b|\bimport\.meta\b/m.test(source)) return undefined
  return file.endsWith('.ts') ? 'module-typescript' : 'module'
}

function isRead(reading: string, url: string): boolean {
  return readings.get(reading)?.has(url.split(/[?#]/)[0] ?? '') === true
}

function ofReading(url: string, reading: string): string {
  return `${url}${url.includes('?') ? '&' : '?'}kav=${reading}`
}

/** What the URL of a module of a reading is made of; undefined for any other. */
function placeOf(url: string): { readonly file: string; readonly reading: string } | undefined {
  const [, file, reading] = /^(file:[^?#]+)\?(?:[^#]*&)?kav=(\w+)$/.exec(url) ?? []
  return file === undefined || reading === undefined ? undefined : { file, reading }
}
