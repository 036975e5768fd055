import { readdir, readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { type CallQuery, type CallSummary, type ErasedCall, messageOf } from '@kav/core'
import type { LoadedPipeline } from '@kav/core/host'
import { callFileBase } from '../calls/call-files.ts'
import { isPartOf, PART_ENDING } from '../process/plain-file.ts'
import { readUploaded, UPLOADED_ENDING } from '../recording/uploads.ts'
import type { Removals } from '../recording/removals.ts'
import { forgetAsked, noteAsked } from './asked-erasures.ts'
import { eraseAtEnd, type NamedCall, runningCall } from './erase-at-end.ts'
import { eraseWaiting, type Party, type WaitingCall } from './erase-waiting.ts'
import type { JoinedStores } from './joined-stores.ts'
import { plainNumber, spellingsOf } from '../calls/plain-number.ts'
import { isSurelyOver, ownerStateOf } from './torn-calls.ts'
import { unlessGone, unlessGoneList, unlinkFound } from './unless-gone.ts'

/** What is gone, and what is not yet. */
export interface Erased {
  readonly calls: readonly ErasedCall[]
  readonly files: readonly string[]
  /** Calls that waited for the store, or for a hook of `after_call`. */
  readonly outbox: readonly WaitingCall[]
  /** Recordings that were brought elsewhere, and are there no more. */
  readonly recordings: readonly string[]
  /** Recordings whose place is away: they go when it is back. */
  readonly later: readonly string[]
  /** Recordings that no pipeline of these brings there: whoever keeps them has to erase them. */
  readonly elsewhere: readonly string[]
  /** Calls that run: they are erased when they end. */
  readonly running: readonly string[]
  /** Calls that run on other machines, and on which: erased here, they would come back at their end. */
  readonly unreached: readonly Pick<CallSummary, 'id' | 'node'>[]
  /** Calls that a store would not erase now, and why: its disk is full, perhaps. */
  readonly unerased: readonly Unerased[]
  /** Whether nothing of it stands in a store's files: others may read them. */
  readonly settled: boolean
}

export interface Unerased {
  /** Absent: the store does not say which calls it has. */
  readonly id?: string
  readonly why: string
  /** Whether it is noted down: a server of these pipelines tries again. */
  readonly again: boolean
}

/** Where calls are kept. */
export interface KeptPlaces {
  readonly store: JoinedStores
  readonly pipelines: readonly LoadedPipeline[]
  readonly removals: Pick<Removals, 'remove'>
}

/** A number, or one call. */
export type ToErase =
  | { readonly party: string }
  /** `isOver`: its process has told its end, though its journal may still be there. */
  | (NamedCall & { readonly isOver?: boolean })

const ENDINGS = ['.wav', '.txt', '.json', '.journal', '.journal.unread']
const PAGE = 1000

/**
 * Erases every call from or to a number, or one call: in what waits for a store or for a hook, in the folders of
 * records, where recordings were brought, and in the stores. These last, so that whoever asks again after a fault finds
 * what is left. Those that run are left whole until they end. What is asked is noted down first and for as long as it is
 * not done: a store that goes away meanwhile costs nothing but time. Never rejects for what cannot be erased.
 */
export async function eraseCalls(places: KeptPlaces, wanted: ToErase): Promise<Erased> {
  const { store, pipelines } = places
  const isOver = 'isOver' in wanted && wanted.isOver === true
  // A call that waited for its end is noted down as that.
  const note = isOver ? undefined : await openNote(pipelines, wanted)
  const shelf = createShelf(places, isOver)
  const done: Done = { calls: [], outbox: [], unreached: [], seen: new Map() }
  let unerased: readonly Unerased[] = []
  try {
    await eraseAll(places, wanted, shelf, done)
    await note?.done()
  } catch (error) {
    unerased = leftOf(done, wanted, shelf.erased().running, {
      why: messageOf(error),
      again: (await note?.again()) ?? true,
    })
  }
  const settled = (await store.settle?.().catch(() => false)) ?? true
  const { calls, outbox, unreached } = done
  return { calls, outbox, ...shelf.erased(), unreached, unerased, settled }
}

/** What came of it so far. */
interface Done {
  readonly calls: ErasedCall[]
  readonly outbox: WaitingCall[]
  readonly unreached: Pick<CallSummary, 'id' | 'node'>[]
  /** Those that stores have told of and not erased. */
  readonly seen: Map<string, CallSummary>
}

async function eraseAll(
  { store, pipelines }: KeptPlaces,
  wanted: ToErase,
  shelf: ReturnType<typeof createShelf>,
  { calls, outbox, unreached, seen }: Done,
): Promise<void> {
  const isOver = 'isOver' in wanted && wanted.isOver === true
  const queries = queriesOf(wanted)
  outbox.push(...(await eraseWaiting(pipelines, (call) => isWanted(call, wanted))))
  for (const dir of shelf.dirs)
    if ('party' in wanted) for (const base of await basesOf(dir, wanted.party)) await shelf.empty(base)
  const begun: CallSummary[] = []
  for (const query of queries)
    for await (const call of each(store, query)) {
      if (call.state === 'begun' && !isOver) begun.push(call)
      else {
        seen.set(nameOf(call), call)
        await shelf.emptyOf(call)
      }
    }
  const eraseRows = async (rows: CallQuery): Promise<void> => {
    for (;;) {
      const erased = await store.erase('call', rows)
      if (erased.length === 0) break
      calls.push(...erased)
      for (const call of erased) {
        seen.delete(nameOf(call))
        // One may have come in meanwhile.
        await shelf.emptyOf(call)
      }
    }
  }
  for (const query of queries) {
    for (const state of ['ended', 'torn'] as const) await eraseRows({ ...query, state })
    if (isOver) await eraseRows(query)
  }
  for (const call of begun) {
    const where = await shelf.whereRuns(call)
    if (where === 'elsewhere') unreached.push(call)
    if (where !== undefined) continue
    seen.set(nameOf(call), call)
    await shelf.emptyOf(call)
    await eraseRows(queryOfCall(call))
  }
}

/** Where what is asked stands until it is done. A disk that takes no note keeps nothing from being erased. */
async function openNote(pipelines: readonly LoadedPipeline[], wanted: ToErase) {
  const what =
    'party' in wanted ? { party: wanted.party } : { id: wanted.id, startedAtMs: wanted.startedAtMs }
  const asked = { what, of: pipelines.map(({ config }) => config.name) }
  const { dir } = pipelines[0]!.config.record
  const write = (): Promise<boolean> =>
    noteAsked(dir, asked).then(
      () => true,
      () => false,
    )
  const isNoted = await write()
  return {
    done: () => forgetAsked(dir, asked),
    /** Whether it is tried again: there may be room by now, and somebody else may have taken it for done. */
    again: async () => (await write()) || isNoted,
  }
}

/** Nobody knows which calls a store has that did not answer. */
function leftOf(
  { seen }: Done,
  wanted: ToErase,
  running: readonly string[],
  left: Omit<Unerased, 'id'>,
): readonly Unerased[] {
  const ids = new Set([...seen.values()].map(({ id }) => id))
  if (ids.size === 0 && 'id' in wanted && !running.includes(wanted.id)) ids.add(wanted.id)
  return ids.size === 0 ? [left] : [...ids].map((id) => ({ id, ...left }))
}

const nameOf = ({ id, startedAtMs }: NamedCall): string => `${startedAtMs} ${id}`

const queryOfCall = ({ id, startedAtMs }: NamedCall): CallQuery => ({
  id,
  sinceMs: startedAtMs,
  untilMs: startedAtMs + 1,
})

function queriesOf(wanted: ToErase): readonly CallQuery[] {
  if ('party' in wanted) return spellingsOf(wanted.party).map((party) => ({ party }))
  return [queryOfCall(wanted)]
}

function isWanted(call: Party, wanted: ToErase): boolean {
  if ('party' in wanted) return isSame(call.from, wanted.party) || isSame(call.to, wanted.party)
  return call.id === wanted.id && call.startedAtMs === wanted.startedAtMs
}

function isSame(end: string | undefined, party: string): boolean {
  return end !== undefined && plainNumber(end) === plainNumber(party)
}

/** The files of calls, and the recordings that were brought elsewhere. */
function createShelf({ pipelines, removals }: KeptPlaces, isOver: boolean) {
  const dirs = [...new Set(pipelines.map(({ config }) => config.record.dir))]
  const files = new Set<string>()
  const places = new Map<string, Awaited<ReturnType<Removals['remove']>>>()
  const running = new Map<string, string>()

  /** One that runs is whole until it ends: without its journal it would be lost with its process. */
  async function isLeft(base: string): Promise<boolean> {
    if (isOver) return false
    const call = await runningCall(base)
    if (call === undefined) return false
    await eraseAtEnd(base, call)
    // It may have ended just before it was asked for.
    if ((await runningCall(base)) === undefined) return false
    running.set(base, call.id)
    return true
  }

  async function take(file: string): Promise<void> {
    if (await unlinkFound(file)) files.add(file)
  }

  async function takeAway(address: string, base: string): Promise<void> {
    if (!address.includes('://') || places.has(address)) return
    places.set(address, await removals.remove(address, `${basename(base)}.wav`))
  }

  /** What a process had begun to write that died. */
  const parts = new Map<string, Promise<readonly string[]>>()
  const partsIn = (dir: string): Promise<readonly string[]> => {
    const found = parts.get(dir) ?? readdir(dir).then((names) => names.filter(isPart), unlessGoneList)
    parts.set(dir, found)
    return found
  }

  /** The file first: one that is on its way is taken away by who brings it. */
  async function empty(base: string): Promise<void> {
    if (await isLeft(base)) return
    for (const ending of ENDINGS) await take(`${base}${ending}`)
    for (const name of await partsIn(dirname(base)))
      if (isPartOf(base, name)) await take(join(dirname(base), name))
    const address = await readUploaded(`${base}${UPLOADED_ENDING}`)
    if (address === undefined) return
    await takeAway(address, base)
    await take(`${base}${UPLOADED_ENDING}`)
  }

  return {
    dirs,
    empty,
    /** `undefined`: it is over, whatever the store says. */
    async whereRuns({
      id,
      startedAtMs,
      owner,
      pipeline,
    }: CallSummary): Promise<'here' | 'elsewhere' | undefined> {
      const bases = dirs.map((dir) => callFileBase(dir, startedAtMs, id))
      for (const base of bases) if (running.has(base) || (await isLeft(base))) return 'here'
      const state = ownerStateOf(owner)
      if (state !== 'alive')
        return state === 'dead' || isSurelyOver({ startedAtMs }, Date.now()) ? undefined : 'elsewhere'
      // Its journal could not be written.
      const base = callFileBase(dirOf(pipelines, pipeline), startedAtMs, id)
      await eraseAtEnd(base, { id, startedAtMs })
      running.set(base, id)
      return 'here'
    },
    async emptyOf({ id, startedAtMs, recording }: Pick<CallSummary, 'id' | 'startedAtMs' | 'recording'>) {
      for (const dir of dirs) await empty(callFileBase(dir, startedAtMs, id))
      if (recording !== undefined) await takeAway(recording, callFileBase('', startedAtMs, id))
    },
    erased() {
      const of = (outcome: string) => [...places].flatMap(([place, is]) => (is === outcome ? [place] : []))
      return {
        files: [...files],
        recordings: of('gone'),
        later: of('waits'),
        elsewhere: of('out of reach'),
        running: [...running.values()],
      }
    },
  }
}

/** Of a pipeline that no file names any more, the first that is there. */
function dirOf(pipelines: readonly LoadedPipeline[], name: string): string {
  const own = pipelines.find(({ config }) => config.name === name) ?? pipelines[0]!
  return own.config.record.dir
}

const isPart = (name: string): boolean => name.endsWith(PART_ENDING)

async function* each(store: JoinedStores, query: CallQuery): AsyncGenerator<CallSummary> {
  let cursor: string | undefined
  do {
    const page = await store.find(query, { limit: PAGE, ...(cursor !== undefined && { cursor }) })
    yield* page.calls
    cursor = page.next
  } while (cursor !== undefined)
}

/** Records and journals that tell of this number: not every call came into the store. */
async function basesOf(dir: string, party: string): Promise<readonly string[]> {
  const names = await readdir(dir).catch(unlessGoneList)
  const found: string[] = []
  for (const name of names) {
    const ending = ['.json', '.journal', '.journal.unread'].find((one) => name.endsWith(one))
    if (ending === undefined) continue
    const text = await readFile(join(dir, name), 'utf8').catch(unlessGone)
    if (text !== undefined && isOf(text, party)) found.push(join(dir, name.slice(0, -ending.length)))
  }
  return found
}

/** Said as the number of an end; not in the transcript alone. */
function isOf(text: string, party: string): boolean {
  // A journal's lines have no spaces, a record has one.
  return [...text.matchAll(/"(?:from|to)": ?("(?:[^"\\]|\\.)*")/g)].some(([, said]) =>
    isSame(readText(said!), party),
  )
}

function readText(json: string): string | undefined {
  try {
    return String(JSON.parse(json))
  } catch {
    return undefined
  }
}
