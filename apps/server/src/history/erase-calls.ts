import { readdir, readFile, unlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { type CallQuery, type CallSummary, type ErasedCall, messageOf } from '@kav/core'
import type { LoadedPipeline } from '@kav/core/host'
import { callFileBase } from '../calls/call-files.ts'
import { isPartOf, PART_ENDING } from '../process/plain-file.ts'
import { readUploaded, UPLOADED_ENDING } from '../recording/uploads.ts'
import type { Removals } from '../recording/removals.ts'
import { eraseAtEnd, type NamedCall, runningCall } from './erase-at-end.ts'
import { eraseWaiting, type Party, type WaitingCall } from './erase-waiting.ts'
import type { JoinedStores } from './joined-stores.ts'
import { isSurelyOver, ownerStateOf } from './torn-calls.ts'
import { unlessGone, unlessGoneList } from './unless-gone.ts'

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
  readonly id: string
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
 * what is left. Those that run are left whole until they end.
 */
export async function eraseCalls(places: KeptPlaces, wanted: ToErase): Promise<Erased> {
  const { store, pipelines } = places
  const outbox = await eraseWaiting(pipelines, (call) => isWanted(call, wanted))
  const query = queryOf(wanted)
  const isOver = 'isOver' in wanted && wanted.isOver === true
  const shelf = createShelf(places, isOver)
  const unreached: Pick<CallSummary, 'id' | 'node'>[] = []
  for (const dir of shelf.dirs)
    if ('party' in wanted) for (const base of await basesOf(dir, wanted.party)) await shelf.empty(base)
  const begun: CallSummary[] = []
  for await (const call of each(store, query)) {
    if (call.state === 'begun' && !isOver) begun.push(call)
    else await shelf.emptyOf(call)
  }
  const calls: ErasedCall[] = []
  const eraseRows = async (rows: CallQuery): Promise<void> => {
    for (;;) {
      const erased = await store.erase('call', rows)
      if (erased.length === 0) break
      calls.push(...erased)
      // One may have come in meanwhile.
      for (const call of erased) await shelf.emptyOf(call)
    }
  }
  let unerased: readonly Unerased[] = []
  try {
    for (const state of ['ended', 'torn'] as const) await eraseRows({ ...query, state })
    if (isOver) await eraseRows(query)
    for (const call of begun) {
      const where = await shelf.whereRuns(call)
      if (where === 'elsewhere') unreached.push(call)
      if (where !== undefined) continue
      await shelf.emptyOf(call)
      await eraseRows(queryOf(call))
    }
  } catch (error) {
    unerased = await noteDown(pipelines, each(store, query), isOver, messageOf(error))
  }
  const settled = (await store.settle?.().catch(() => false)) ?? true
  return { calls, outbox, ...shelf.erased(), unreached, unerased, settled }
}

function queryOf(wanted: ToErase): CallQuery {
  if ('party' in wanted) return { party: wanted.party }
  return { id: wanted.id, sinceMs: wanted.startedAtMs, untilMs: wanted.startedAtMs + 1 }
}

function isWanted(call: Party, wanted: ToErase): boolean {
  if ('party' in wanted) return call.from === wanted.party || call.to === wanted.party
  return call.id === wanted.id && call.startedAtMs === wanted.startedAtMs
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
    const isGone = await unlink(file).then(
      () => true,
      (error: NodeJS.ErrnoException) => unlessGone(error) ?? false,
    )
    if (isGone) files.add(file)
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

/** What was to be erased and is there, for the rounds of a server; one that runs is noted down where it is left. */
async function noteDown(
  pipelines: readonly LoadedPipeline[],
  left: AsyncIterable<CallSummary>,
  isOver: boolean,
  why: string,
): Promise<readonly Unerased[]> {
  const noted: Unerased[] = []
  for await (const { id, startedAtMs, state, pipeline } of left) {
    if (state === 'begun' && !isOver) continue
    const base = callFileBase(dirOf(pipelines, pipeline), startedAtMs, id)
    const again = await eraseAtEnd(base, { id, startedAtMs }).then(
      () => true,
      () => false,
    )
    noted.push({ id, why, again })
  }
  return noted
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
    if (text?.includes(JSON.stringify(party)) && isOf(text, party))
      found.push(join(dir, name.slice(0, -ending.length)))
  }
  return found
}

/** Said as the number of an end; not in the transcript alone. */
function isOf(text: string, party: string): boolean {
  const said = JSON.stringify(party)
  // A journal's lines have no spaces, a record has one.
  return ['"from":', '"to":'].some((end) => text.includes(end + said) || text.includes(`${end} ${said}`))
}
