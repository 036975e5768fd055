import { createGrpcErrors } from '@kav/google-cloud'

export type { ErrorPlace } from '@kav/google-cloud'

export const { classifyError, classifyCredentialsError, refused } = createGrpcErrors({
  service: 'Google Text-to-Speech',
  stage: 'tts',
  checks: {
    auth: 'check tts.params.credentials and that Text-to-Speech is enabled in its project',
    'bad-request': 'check tts.params.voice, language and region',
    quota: 'check the quotas of Text-to-Speech in the Google Cloud console',
  },
})
