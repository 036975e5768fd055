import { KavError, type RecordingPlace } from '@kav/core'
import type { PipelineConfig } from '@kav/core/host'

type Upload = NonNullable<PipelineConfig['record']['upload']>

/** The place that a pipeline file names. Throws a `KavError` where its package is not installed. */
export async function openRecordingPlace({ s3 }: Upload): Promise<RecordingPlace> {
  // Only who uploads pays for its client.
  const { openS3Recordings } = await import('@kav/recordings-s3').catch((error: unknown) => {
    throw new KavError(
      'KAV_UPLOAD_PACKAGE',
      'record.upload.s3 needs the package @kav/recordings-s3: npm install @kav/recordings-s3',
      { cause: error },
    )
  })
  const { bucket, region, endpoint, prefix } = s3
  const { access_key_id: accessKeyId, secret_access_key: secretAccessKey } = s3
  return openS3Recordings({
    bucket,
    region,
    prefix,
    ...(endpoint !== undefined && { endpoint }),
    ...(accessKeyId !== undefined && { accessKeyId }),
    ...(secretAccessKey !== undefined && { secretAccessKey }),
  })
}
