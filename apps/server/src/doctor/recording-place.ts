import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type LiveFinding, messageOf, type RecordingPlace } from '@kav/core'
import type { PipelineConfig } from '@kav/core/host'
import { finding } from '@kav/core/kit'
import { openRecordingPlace } from '../recording/open-recording-place.ts'
import { faultFinding } from './provider-faults.ts'

const LIMIT_MS = 10_000

/** Whether recordings would come into the bucket, and out of it again: three bytes are put there and removed. */
export async function uploadFindings({
  upload,
  audio,
}: PipelineConfig['record']): Promise<readonly LiveFinding[]> {
  if (upload === undefined || !audio) return []
  let place: RecordingPlace
  try {
    place = await openRecordingPlace(upload)
  } catch (error) {
    return [finding.error(messageOf(error), 'npm install @kav/recordings-s3')]
  }
  const dir = await mkdtemp(join(tmpdir(), 'kav-doctor-'))
  try {
    const file = join(dir, 'probe')
    await writeFile(file, 'kav')
    return [await tryPlace(place, file, `kav-doctor-${randomBytes(6).toString('hex')}`)]
  } finally {
    place.close()
    await rm(dir, { recursive: true, force: true })
  }
}

async function tryPlace(place: RecordingPlace, file: string, key: string): Promise<LiveFinding> {
  const address = place.addressOf(key)
  try {
    await place.put(file, key, AbortSignal.timeout(LIMIT_MS))
  } catch (error) {
    return faultFinding(error, `putting ${address}`)
  }
  try {
    await place.remove(key, AbortSignal.timeout(LIMIT_MS))
  } catch (error) {
    return finding.warning(
      `recordings can be put, and not removed (${messageOf(error)}): keep and kav calls erase will not reach them`,
      `Give the key the right to delete (s3:DeleteObject), and remove ${address} by hand; or leave it so where recordings must stay.`,
    )
  }
  return finding.ok(`recordings can be put there and removed: ${address} was, and is gone`)
}
