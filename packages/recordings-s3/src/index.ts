export { openS3Recordings, type S3Settings } from './s3-recordings.ts'
