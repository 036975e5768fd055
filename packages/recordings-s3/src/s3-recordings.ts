import { createHash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
  type S3ClientConfig,
} from '@aws-sdk/client-s3'
import type { RecordingPlace } from '@kav/core'
import { linkSignals } from '@kav/core/kit'
import { NotThere, placeFault } from './place-fault.ts'

export interface S3Settings {
  readonly bucket: string
  readonly region: string
  /** Of what is not Amazon's; the bucket then stands in the path. */
  readonly endpoint?: string
  /** In front of every key, `calls/`. */
  readonly prefix: string
  /** Without them the keys are found as by any AWS client. */
  readonly accessKeyId?: string
  readonly secretAccessKey?: string
}

/** One request is tried again by who keeps the recording, not here: he outlives the process. */
const TRIES = 1
/** What a bucket that is away may cost. */
const CONNECTION_MS = 5000

/** It works on Node.js 20 in the version that stands in package.json, whatever later ones will: that one warning is no news. */
function keepQuiet(): void {
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true'
}

/** A bucket as a place for recordings. Nothing is asked of it before the first is put. */
export function openS3Recordings(settings: S3Settings): RecordingPlace {
  const { bucket, prefix } = settings
  keepQuiet()
  const client = new S3Client(configOf(settings))
  const at = (key: string) => ({ Bucket: bucket, Key: prefix + key })

  /** Through one handle: what is sent is what was summed, whatever becomes of the name meanwhile. */
  async function putFrom(handle: FileHandle, object: { Bucket: string; Key: string }, signal: AbortSignal) {
    const sum = await checksumOf(handle, signal)
    const sent = { ContentLength: (await handle.stat()).size, ContentMD5: sum.toString('base64') }
    const body = handle.createReadStream(FROM_THE_START)
    const given = new AbortController()
    const linked = linkSignals(signal, given.signal)
    // Piped on by the client, which does not listen: a disk that fails under it would end the process.
    body.on('error', (error) => given.abort(error))
    try {
      const command = new PutObjectCommand({ ...object, ...sent, Body: body, ContentType: 'audio/wav' })
      const { signal: abortSignal } = linked
      const { ETag } = await client.send(command, { abortSignal })
      // Some answer 200 whatever they are asked: a file that is deleted for that is lost.
      if (bare(ETag) === sum.toString('hex')) return
      const there = await client.send(new HeadObjectCommand(object), { abortSignal })
      if (there.ContentLength !== sent.ContentLength || bare(there.ETag) === '') throw new NotThere(NOT_THERE)
    } catch (error) {
      throw placeFault(error)
    } finally {
      linked.unlink()
      body.destroy()
    }
  }

  return {
    addressOf: (key) => `s3://${bucket}/${prefix}${key}`,
    async put(file, key, signal) {
      const handle = await open(file)
      try {
        await putFrom(handle, at(key), signal)
      } finally {
        await handle.close()
      }
    },
    async read(key, range, signal) {
      try {
        const wanted = range && { Range: `bytes=${range.from}-${range.to ?? ''}` }
        const command = new GetObjectCommand({ ...at(key), ...wanted })
        const { Body } = await client.send(command, signal ? { abortSignal: signal } : {})
        if (!(Body instanceof Readable)) throw new Error('the answer has no body')
        return Body
      } catch (error) {
        throw placeFault(error)
      }
    },
    async remove(key, signal) {
      try {
        // One that is not there is as good as removed: S3 says so, too.
        await client.send(new DeleteObjectCommand(at(key)), signal ? { abortSignal: signal } : {})
      } catch (error) {
        throw placeFault(error)
      }
    },
    close: () => client.destroy(),
  }
}

function configOf({ region, endpoint, accessKeyId, secretAccessKey }: S3Settings): S3ClientConfig {
  return {
    region,
    maxAttempts: TRIES,
    // What fails is told by who asked; without one it would write to the console.
    logger: SILENT,
    // Many that speak as S3 does know none of the newer checksums; the old one they all compare.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: { connectionTimeout: CONNECTION_MS },
    // Others than Amazon know no bucket as a host name.
    ...(endpoint !== undefined && { endpoint, forcePathStyle: true }),
    ...(accessKeyId !== undefined &&
      secretAccessKey !== undefined && { credentials: { accessKeyId, secretAccessKey } }),
  }
}

/** Who opened it closes it. */
const FROM_THE_START = { start: 0, autoClose: false }

const nothing = (): void => undefined
const SILENT = { trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing }

const NOT_THERE = 'the bucket said that it took the file, and does not have it whole'

/** Without its quotes. Where the bucket encrypts, it is no checksum of what was sent. */
function bare(tag: string | undefined): string {
  return (tag ?? '').replaceAll('"', '').toLowerCase()
}

/** What came must be what lay here: whoever takes it compares. */
async function checksumOf(handle: FileHandle, signal: AbortSignal): Promise<Buffer> {
  const hash = createHash('md5')
  await pipeline(handle.createReadStream(FROM_THE_START), hash, { signal })
  return hash.digest()
}
