import { expect, it } from 'vitest'
import { openS3Recordings } from '../src/s3-recordings.ts'

it('says nothing of the Node.js it runs on', async () => {
  const warnings: string[] = []
  const note = (warning: Error): void => void warnings.push(warning.message)
  process.on('warning', note)
  try {
    const place = openS3Recordings({ bucket: 'calls', region: 'eu-central-1', prefix: '' })
    place.close()
    await new Promise(setImmediate)
    expect(warnings.filter((text) => text.includes('AWS SDK'))).toEqual([])
  } finally {
    process.off('warning', note)
  }
})
