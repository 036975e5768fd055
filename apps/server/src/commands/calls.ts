import type { CallQuery, CallSummary } from '@kav/core'
import { didYouMean } from '@kav/core/kit'
import type { Environment } from '../environment.ts'
import { lacksCountry } from '../calls/plain-number.ts'
import { csvHead, csvLine } from '../history/call-csv.ts'
import { callTable, recordLines } from '../history/call-lines.ts'
import { type Erased, eraseCalls as eraseEverywhere } from '../history/erase-calls.ts'
import { findByNumber } from '../history/find-by-number.ts'
import type { JoinedStores } from '../history/joined-stores.ts'
import { type HistoryStore, openHistoryStore } from '../history/open-history-store.ts'
import { MOMENT_FORMS, momentOf } from '../history/moment-of.ts'
import { OUTCOMES } from '../call-outcomes.ts'
import { recordOfStored } from '../calls/stored-call.ts'
import { wholeNumberOf } from '../words/whole-number.ts'
import { WrongUse } from '../wrong-use.ts'

/** Which calls, as a command is told. */
export interface CallFilters {
  readonly since?: string
  readonly until?: string
  readonly from?: string
  readonly to?: string
  readonly text?: string
  readonly outcome?: string
  readonly slow?: string
  readonly name?: string
  /** File whose store is meant. */
  readonly pipeline?: string
}

type Print = (line: string) => void

const PAGE = 500

/** `kav calls`: calls of the history, the last first. */
export async function listCalls(
  options: CallFilters & { readonly limit: number; readonly json?: boolean },
  env: Environment,
  print: Print,
): Promise<number> {
  return await withStore(options.pipeline, env, async ({ store }) => {
    const calls: CallSummary[] = []
    for await (const call of each(store, queryOf(options))) {
      calls.push(call)
      if (calls.length >= options.limit) break
    }
    if (calls.length === 0) refuseUnfindable(options)
    if (options.json) print(JSON.stringify(calls, null, 2))
    else if (calls.length === 0) print('no calls')
    else for (const line of callTable(calls)) print(line)
    return 0
  })
}

/** `kav calls show`: exit code 1 where there is no such call. */
export async function showCall(
  id: string,
  options: { readonly json?: boolean; readonly pipeline?: string },
  env: Environment,
  print: Print,
): Promise<number> {
  return await withStore(options.pipeline, env, async ({ store }) => {
    const call = await store.get(id)
    if (call === undefined) {
      print(`no call ${id}`)
      return 1
    }
    const record = recordOfStored(call)
    if (options.json) print(JSON.stringify(record, null, 2))
    else for (const line of recordLines(record)) print(line)
    return 0
  })
}

/** `kav calls export`: a line a call, as JSON or CSV. */
export async function exportCalls(
  options: CallFilters & { readonly format: 'json' | 'csv' },
  env: Environment,
  print: Print,
): Promise<number> {
  return await withStore(options.pipeline, env, async ({ store }) => {
    if (options.format === 'csv') print(csvHead())
    let isAny = false
    for await (const { id, startedAtMs } of each(store, queryOf(options))) {
      isAny = true
      const call = await store.get(id, startedAtMs)
      // Erased meanwhile.
      if (call === undefined) continue
      print(options.format === 'csv' ? csvLine(call) : JSON.stringify(recordOfStored(call)))
    }
    if (!isAny) refuseUnfindable(options)
    return 0
  })
}

/** `kav calls erase --caller`: says what is gone. */
export async function eraseCalls(
  { caller, pipeline }: { readonly caller: string; readonly pipeline?: string },
  env: Environment,
  print: Print,
): Promise<number> {
  return await withStore(
    pipeline,
    env,
    async (history) => {
      const erased = await eraseEverywhere(history, { party: caller })
      if (isNothing(erased)) refuseHalfNumbers({ '--caller': caller })
      const { calls, files, outbox, recordings, later, elsewhere, running, unreached, unerased, settled } =
        erased
      for (const { id, startedAtMs } of calls) print(`call ${id} of ${new Date(startedAtMs).toISOString()}`)
      for (const { id, waitedFor } of outbox) print(`call ${id}, which waited for ${waitedFor}`)
      for (const file of files) print(`file ${file}`)
      for (const place of recordings) print(`recording ${place}`)
      for (const place of later) print(`NOT YET erased, a server of these pipelines tries again: ${place}`)
      for (const place of elsewhere) print(`NOT erased, no pipeline brings recordings there: ${place}`)
      for (const id of running) print(`NOT YET erased, it runs, and is erased when it ends: call ${id}`)
      for (const { id, node = 'another machine' } of unreached)
        print(
          `NOT erased, it runs on ${node}: call ${id}; when it is over, run there: kav calls erase --caller ${caller}`,
        )
      for (const { id, why, again } of unerased)
        print(
          `NOT erased, ${why}: ${id === undefined ? 'what the store has' : `call ${id}`}; ${again ? 'a server of these pipelines tries again' : 'ask again when that is mended'}`,
        )
      if (!settled)
        print(
          'NOT YET overwritten: somebody reads the store (a backup, an export); ask again when that is over',
        )
      const counts = [
        `${calls.length} calls`,
        `${files.length} files`,
        `${outbox.length} that waited`,
        `${recordings.length} recordings elsewhere`,
      ]
      print(`erased: ${counts.join(', ')}`)
      const left = [later, elsewhere, running, unreached, unerased]
      return settled && left.every((some) => some.length === 0) ? 0 : 1
    },
    'records count',
  )
}

/** Of calls that were not found, where none could be. */
function refuseUnfindable({ from, to, outcome }: CallFilters): void {
  refuseHalfNumbers({ '--from': from, '--to': to })
  if (outcome === undefined || OUTCOMES.includes(outcome)) return
  const meant = didYouMean(outcome, OUTCOMES)
  throw new WrongUse(
    `--outcome ${outcome}: no call ends so; ${meant ? `did you mean ${meant}?` : `there are ${OUTCOMES.join(', ')}`}`,
  )
}

/** One that is kept so is somebody's; of one that is not, most often `+` and country were left out. */
function refuseHalfNumbers(numbers: Readonly<Record<string, string | undefined>>): void {
  for (const [option, text] of Object.entries(numbers))
    if (text !== undefined && lacksCountry(text))
      throw new WrongUse(
        `${option} ${text}: no call has this number; write it with + and its country, as +15551234567`,
      )
}

function isNothing({ settled: _settled, ...erased }: Erased): boolean {
  return Object.values(erased).every((some: readonly unknown[]) => some.length === 0)
}

async function withStore(
  file: string | undefined,
  env: Environment,
  work: (history: HistoryStore) => Promise<number>,
  records: 'records count' | 'records do not count' = 'records do not count',
): Promise<number> {
  const history = await openHistoryStore(file, env, records === 'records count')
  try {
    return await work(history)
  } finally {
    await history.close()
  }
}

async function* each(store: JoinedStores, query: CallQuery): AsyncGenerator<CallSummary> {
  let cursor: string | undefined
  do {
    const page = await findByNumber(store, query, { limit: PAGE, ...(cursor !== undefined && { cursor }) })
    yield* page.calls
    cursor = page.next
  } while (cursor !== undefined)
}

function queryOf({ since, until, from, to, text, outcome, slow, name }: CallFilters): CallQuery {
  const sinceMs = since === undefined ? undefined : momentIn('--since', since)
  const untilMs = until === undefined ? undefined : momentIn('--until', until)
  if (sinceMs !== undefined && untilMs !== undefined && sinceMs >= untilMs)
    throw new WrongUse(`--since ${since} is not before --until ${until}`)
  return {
    ...(sinceMs !== undefined && { sinceMs }),
    ...(untilMs !== undefined && { untilMs }),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(text !== undefined && { text }),
    ...(outcome !== undefined && { outcome }),
    ...(slow !== undefined && { slowMs: slowOf(slow) }),
    ...(name !== undefined && { pipeline: name }),
  }
}

function momentIn(option: string, text: string): number {
  const ms = momentOf(text, Date.now())
  if (ms === undefined) throw new WrongUse(`${option} ${text}: ${MOMENT_FORMS}`)
  return ms
}

function slowOf(text: string): number {
  const ms = wholeNumberOf(text)
  if (ms === undefined) throw new WrongUse(`--slow ${text}: milliseconds, a whole number`)
  return ms
}
