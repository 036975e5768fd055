import { createGrpcErrors } from '@kav/google-cloud'

export type { ErrorPlace } from '@kav/google-cloud'

export const { classifyError, classifyCredentialsError, refused } = createGrpcErrors({
  service: 'Google Speech-to-Text',
  stage: 'stt',
  checks: {
    auth: 'check stt.params.credentials and that its account has the role roles/speech.client in this project',
    'bad-request': 'check stt.params.region, model and language',
    quota: 'check the quotas of Speech-to-Text in the Google Cloud console',
  },
  // OUT_OF_RANGE: the 305 s limit and the audio timeout both come as this.
  classes: { 11: 'session-limit' },
})
