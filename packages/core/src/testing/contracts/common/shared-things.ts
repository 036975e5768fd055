import childProcess from 'node:child_process'
import crypto from 'node:crypto'
import dns from 'node:dns'
import { EventEmitter } from 'node:events'
import fs from 'node:fs'
import http from 'node:http'
import https from 'node:https'
import net from 'node:net'
import tls from 'node:tls'

/** What all code of a process shares, at one moment: what each thing is, by its name. */
export type SharedThings = ReadonlyMap<string, Thing>

interface Thing {
  readonly value: unknown
  /** For one with a getter: that is it, whatever it gives. */
  readonly set?: unknown
  putBack(): void
}

/** Asked for, they warn. */
const STORAGE = /Storage$/
/** As they are when this is loaded: what a test adds for itself may change. */
const GLOBALS = Object.getOwnPropertyNames(globalThis).filter(
  (name) => /^[a-zA-Z]/.test(name) && !STORAGE.test(name),
)
const MODULES = { child_process: childProcess, crypto, dns, fs, http, https, net, tls }
const AGENTS = { http: http.globalAgent, https: https.globalAgent }

/** Read by what they give: behind each there is a getter, or a function that tells. */
const SETTINGS: readonly Setting[] = [
  setting('EventEmitter.defaultMaxListeners', EventEmitter, 'defaultMaxListeners'),
  {
    name: 'process.exitCode',
    // 1 is what `node --test` says of a case that failed before.
    read: () => (process.exitCode === 1 ? undefined : process.exitCode),
    write: (code) => void (process.exitCode = code as number | undefined),
  },
  setting('process.title', process, 'title'),
  setting('http.globalAgent', http, 'globalAgent'),
  setting('https.globalAgent', https, 'globalAgent'),
  {
    name: 'dns.setDefaultResultOrder',
    read: () => dns.getDefaultResultOrder(),
    write: (order) => dns.setDefaultResultOrder(order as 'verbatim'),
  },
  {
    name: 'dns.setServers',
    read: () => dns.getServers().join(),
    write: (servers) => dns.setServers(String(servers).split(',')),
  },
]
/** A test runner has an `exit` of its own, at times. */
const OF_PROCESS = ['emit', 'nextTick', 'emitWarning', 'kill', 'abort', 'stdout', 'stderr'] as const
/** With `fetch` of Node.js, and with that of the package. */
const DISPATCHER = Symbol.for('undici.globalDispatcher.1')

interface Setting {
  readonly name: string
  read(): unknown
  write(value: unknown): void
}

function setting(name: string, owner: object, key: string): Setting {
  const read = (): unknown => Reflect.get(owner, key)
  return { name, read, write: (value) => void Reflect.set(owner, key, value) }
}

/**
 * All globals of the language and of Node.js with what stands in them, the functions of the modules that go out to the
 * network or to files, and what is set for the whole process.
 */
export function sharedThings(): SharedThings {
  const things = new Map<string, Thing>()
  for (const name of GLOBALS) {
    // Some are made when they are first asked for, and would become others.
    const value: unknown = Reflect.get(globalThis, name)
    things.set(name, { value, putBack: () => void Reflect.set(globalThis, name, value) })
    if (BUILT_IN.test(name)) noteBuiltIn(things, name, value)
  }
  noteField(things, globalThis, DISPATCHER, 'the dispatcher of fetch (undici)')
  for (const [name, module] of Object.entries(MODULES)) noteValues(things, module, name)
  for (const name of ['http', 'https'] as const) noteAgent(things, name)
  for (const name of OF_PROCESS) noteField(things, process, name, `process.${name}`)
  for (const { name, read, write } of SETTINGS) {
    const value = read()
    things.set(name, { value, putBack: () => write(value) })
  }
  return things
}

/**
 * The names of what is another, or gone, and of prototypes with something new in them; of a global that is another, not
 * what stands in it.
 */
export function changedThings(before: SharedThings, after: SharedThings): readonly string[] {
  const changed = [...before].filter(([name, { value, set }]) => {
    const now = after.get(name)
    return now === undefined || !Object.is(now.value, value) || now.set !== set
  })
  const names = new Set(changed.map(([name]) => name))
  return [...names].filter(
    (name) => !names.has(name.slice(0, name.indexOf('.'))) && !names.has(name.slice(PROTOTYPE.length)),
  )
}

/** `things` with the console of `now`: some test runners have another one for each test. */
export function withConsoleOf(now: SharedThings, things: SharedThings): SharedThings {
  const ofConsole = [...now].filter(([name]) => /^console(\.|$)/.test(name))
  return new Map([...things, ...ofConsole])
}

export function putThingsBack(things: SharedThings, names: readonly string[]): void {
  for (const name of names) things.get(name)?.putBack()
}

const PROTOTYPE = 'the prototype of '
/** Those that nobody may replace a part of: `JSON`, `Array`, `console`. */
const BUILT_IN = /^([A-Z]|console$)/

function noteBuiltIn(things: Map<string, Thing>, name: string, value: unknown): void {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return
  noteFields(things, value, name)
  const prototype: unknown = typeof value === 'function' ? value.prototype : undefined
  if (typeof prototype !== 'object' || prototype === null) return
  noteFields(things, prototype, `${name}.prototype`)
  const keys = Reflect.ownKeys(prototype)
  things.set(`${PROTOTYPE}${name}`, {
    value: keys.map(String).join(),
    putBack() {
      for (const key of Reflect.ownKeys(prototype))
        if (!keys.includes(key)) Reflect.deleteProperty(prototype, key)
    },
  })
}

/** Without what has a getter: some are made when they are first asked for. */
function noteValues(things: Map<string, Thing>, module: object, name: string): void {
  for (const key of Object.keys(module)) {
    const hasGetter = Object.getOwnPropertyDescriptor(module, key)?.get !== undefined
    if (!hasGetter) noteField(things, module, key, `${name}.${key}`)
  }
}

function noteFields(things: Map<string, Thing>, owner: object, name: string): void {
  for (const key of Reflect.ownKeys(owner)) noteField(things, owner, key, `${name}.${String(key)}`)
}

function noteField(things: Map<string, Thing>, owner: object, key: string | symbol, name: string): void {
  const descriptor = Object.getOwnPropertyDescriptor(owner, key)
  if (descriptor === undefined) return
  const { value, get, set } = descriptor as { value?: unknown; get?: unknown; set?: unknown }
  const putBack = () => void Reflect.defineProperty(owner, key, descriptor)
  things.set(name, { value: get ?? value, set, putBack })
}

/** Its options hold for every request that names no agent. */
function noteAgent(things: Map<string, Thing>, name: 'http' | 'https'): void {
  const agent = AGENTS[name] as unknown as Readonly<Record<string, unknown>>
  const { options } = agent
  for (const [owner, of] of [
    [agent, `${name}.globalAgent`],
    [options as Readonly<Record<string, unknown>>, `${name}.globalAgent.options`],
  ] as const) {
    for (const key of AGENT_OPTIONS) {
      const value = owner[key]
      const putBack = () =>
        void (value === undefined ? Reflect.deleteProperty(owner, key) : Reflect.set(owner, key, value))
      things.set(`${of}.${key}`, { value, putBack })
    }
  }
}

const AGENT_OPTIONS = [
  ...[
    'rejectUnauthorized',
    'ca',
    'cert',
    'key',
    'servername',
    'checkServerIdentity',
    'minVersion',
    'maxVersion',
  ],
  ...[
    'ciphers',
    'lookup',
    'host',
    'port',
    'proxyEnv',
    'timeout',
    'localAddress',
    'family',
    'createConnection',
  ],
  ...['maxSockets', 'maxTotalSockets', 'maxFreeSockets', 'keepAlive', 'keepAliveMsecs', 'scheduling'],
]
