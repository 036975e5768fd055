import type { FileHandle } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { basename } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { messageOf, type RecordingPlace, type StoredCall } from '@kav/core'
import { callFileBase } from '../calls/call-files.ts'
import { byteRange } from '../history/byte-range.ts'
import type { CallHistory } from '../history/call-history.ts'
import { unlessGone } from '../history/unless-gone.ts'
import { openPlainFile } from '../process/plain-file.ts'
import { ApiFault } from './api/api-fault.ts'

const HEADERS = {
  'content-type': 'audio/wav',
  'accept-ranges': 'bytes',
  'cache-control': 'private, no-store',
}

/**
 * Sends a call's recording from the folder of this process, or from where its pipeline has brought it. What a store says
 * is not believed: it is the call's own file, or none.
 */
export async function sendRecording(
  { pipelines, removals }: CallHistory,
  { recording = '', id, startedAtMs }: StoredCall,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const dirs = [...new Set(pipelines.map(({ config }) => config.record.dir))]
  const own = dirs.map((dir) => `${callFileBase(dir, startedAtMs, id)}.wav`)
  const key = `${basename(callFileBase('', startedAtMs, id))}.wav`
  const found = recording.includes('://') ? await removals.find(recording, key) : undefined
  if (found === undefined && !own.includes(recording))
    throw new ApiFault(
      'cannot-do',
      'the recording is not in a folder of this process, nor where one of its pipelines brings them',
      'see recording of the record',
    )
  // One that is on its way to its place is still here.
  for (const file of found === undefined ? [recording] : own) {
    // Not through a link: whoever may write into the folder would choose what is sent.
    const handle = await openPlainFile(file, 'read').catch(unlessGone)
    if (handle === undefined) continue
    try {
      const { size } = await handle.stat()
      if (size > 0) return await sendFile(handle, size, incoming, response)
    } finally {
      await handle.close()
    }
  }
  if (found !== undefined) return sendFromPlace(found.place, key, incoming, response)
  throw new ApiFault('unknown-call', 'the recording is gone', 'see keep.audio of the pipeline')
}

async function sendFile(
  handle: FileHandle,
  size: number,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const range = byteRange(incoming.headers.range, size)
  if (range === 'none') {
    response.writeHead(416, { 'content-range': `bytes */${size}` }).end()
    return
  }
  const { first, last } = range ?? { first: 0, last: size - 1 }
  response.writeHead(range === undefined ? 200 : 206, {
    ...HEADERS,
    'content-length': last - first + 1,
    ...(range && { 'content-range': `bytes ${first}-${last}/${size}` }),
  })
  const bytes = handle.createReadStream({ start: first, end: last, autoClose: false })
  await pipeline(bytes, response).catch(() => response.destroy())
}

/** How long it is nobody says: a part that is asked for without its end is all of it. */
async function sendFromPlace(
  place: RecordingPlace,
  key: string,
  { headers }: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const parts = /^bytes=(\d{1,15})-(\d{1,15})$/.exec(headers.range ?? '')
  const range = parts ? { from: Number(parts[1]), to: Number(parts[2]) } : undefined
  const gone = new AbortController()
  response.on('close', () => gone.abort())
  const bytes = await place.read(key, range, gone.signal).catch((error: unknown) => {
    throw new ApiFault(
      'not-ready',
      `the place of the recording does not answer: ${messageOf(error)}`,
      'ask again',
    )
  })
  response.writeHead(range ? 206 : 200, {
    ...HEADERS,
    ...(range && { 'content-range': `bytes ${range.from}-${range.to}/*` }),
  })
  await pipeline(bytes, response).catch(() => response.destroy())
}
