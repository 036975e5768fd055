import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isProviderError } from '@kav/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openS3Recordings, type S3Settings } from '../src/index.ts'
import { DOUBLE_KEYS, DOUBLE_REGION, openS3Double, type S3Double } from './s3-double.ts'
import { signatureFault } from './signature-v4.ts'

const SOUND = Buffer.from(Array.from({ length: 100_000 }, (_, at) => at % 251))
const never = new AbortController().signal

describe('recordings in a bucket', () => {
  let double: S3Double
  let dir: string
  let file: string
  beforeEach(async () => {
    double = await openS3Double()
    dir = mkdtempSync(join(tmpdir(), 'kav-s3-'))
    file = join(dir, 'call.wav')
    writeFileSync(file, SOUND)
  })
  afterEach(async () => {
    await double.close()
    rmSync(dir, { recursive: true, force: true })
  })

  const open = (more: Partial<S3Settings> = {}) =>
    openS3Recordings({
      bucket: 'calls',
      region: DOUBLE_REGION,
      endpoint: double.endpoint,
      prefix: 'desk/',
      accessKeyId: DOUBLE_KEYS.id,
      secretAccessKey: DOUBLE_KEYS.secret,
      ...more,
    })

  it('are put signed and whole, read in parts, and removed for good', async () => {
    const place = open()
    await place.put(file, '2026 a+b.wav', never)
    expect(double.objects.get('calls/desk/2026 a+b.wav')?.equals(SOUND)).toBe(true)
    expect(place.addressOf('1.wav')).toBe('s3://calls/desk/1.wav')
    const parts: Uint8Array[] = []
    for await (const part of await place.read('2026 a+b.wav', { from: 10, to: 19 })) parts.push(part)
    expect(Buffer.concat(parts).equals(SOUND.subarray(10, 20))).toBe(true)
    await place.remove('2026 a+b.wav')
    await place.remove('2026 a+b.wav')
    expect(double.objects.size).toBe(0)
    place.close()
  })

  it('that cannot be put say so without a key, and whether to try again', async () => {
    const fault = async (settings: Partial<S3Settings>): Promise<unknown> => {
      const place = open(settings)
      const error: unknown = await place.put(file, 'a.wav', never).catch((thrown: unknown) => thrown)
      place.close()
      return error
    }
    const refused = await fault({ secretAccessKey: 'another-secret-key' })
    expect(refused).toMatchObject({ code: 'KAV_PROVIDER_AUTH' })
    expect(String(refused)).not.toContain('another-secret')
    double.fail(1, 503, 'SlowDown')
    expect(await fault({})).toMatchObject({ retryable: true })
    double.fail(1, 400, 'EntityTooLarge')
    expect(await fault({})).toMatchObject({ code: 'KAV_PROVIDER_BAD_REQUEST', retryable: false })
    const away = await fault({ endpoint: 'http://127.0.0.1:9' })
    expect(isProviderError(away) && away.retryable).toBe(true)
    // Once each: who keeps the recording tries again.
    expect(double.requests).toHaveLength(3)
    expect(double.objects.size).toBe(0)
  })

  it('are not taken for put where everything is answered with 200', async () => {
    const place = open()
    double.indifferent = true
    const error: unknown = await place.put(file, 'a.wav', never).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ class: 'bad-data' })
    expect(String(error)).toContain('does not have it whole')
    double.indifferent = false
    await place.put(file, 'a.wav', never)
    expect(double.requests.slice(-2)).toEqual(['PUT calls/desk/a.wav', 'HEAD calls/desk/a.wav'])
    place.close()
  })

  it('are given up when nobody waits any more', async () => {
    const place = open()
    await expect(place.put(file, 'a.wav', AbortSignal.abort())).rejects.toThrow()
    expect(double.objects.size).toBe(0)
    place.close()
  })

  it('that are given up at any step, and removed then, end nothing but themselves', async () => {
    const place = open()
    for (let step = 0; step < 60; step++) {
      const going = join(dir, `${step}.wav`)
      writeFileSync(going, SOUND)
      const given = new AbortController()
      const put = place.put(going, `${step}.wav`, given.signal).catch((error: unknown) => error)
      for (let turn = 0; turn < step; turn++) await new Promise(setImmediate)
      given.abort()
      rmSync(going)
      // It may be there by then, and not have said so.
      if ((await put) === undefined) expect(double.objects.has(`calls/desk/${step}.wav`)).toBe(true)
    }
    place.close()
  })
})

describe('the double’s own eye for signatures', () => {
  it('agrees with the example of AWS’s description', () => {
    const headers = {
      host: 'examplebucket.s3.amazonaws.com',
      range: 'bytes=0-9',
      'x-amz-content-sha256': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      'x-amz-date': '20130524T000000Z',
      authorization:
        'AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    }
    const keys = { id: 'AKIAIOSFODNN7EXAMPLE', secret: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' }
    const request = { method: 'GET', url: '/test.txt', headers }
    expect(signatureFault(request, keys, 'us-east-1')).toBeUndefined()
    expect(signatureFault({ ...request, method: 'PUT' }, keys, 'us-east-1')).toBe('SignatureDoesNotMatch')
  })
})
