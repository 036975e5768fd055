import { expect, it } from 'vitest'
import { readClientSettings, type EndpointAndKey } from '../src/client-settings.ts'

const given: EndpointAndKey = {
  stage: 'tts',
  api: 'texttospeech',
  region: 'eu',
  endpoint: '',
  project: '',
  credentials: '',
  baseDir: '/etc/kav',
}

const base64 = (text: string): string => Buffer.from(text).toString('base64')

it.each([
  [{}, { host: 'eu-texttospeech.googleapis.com', port: 443, plaintext: false }],
  [{ region: 'global' }, { host: 'texttospeech.googleapis.com', port: 443, plaintext: false }],
  [{ endpoint: 'proxy.example:8443' }, { host: 'proxy.example', port: 8443, plaintext: false }],
  [{ endpoint: 'http://[::1]:9' }, { host: '[::1]', port: 9, plaintext: true, projectId: 'local' }],
  [
    { credentials: 'key.json', project: 'p' },
    { keyFilename: '/etc/kav/key.json', projectId: 'p' },
  ],
  [{ credentials: '{"type":"external_account","project_id":"q"}' }, { projectId: 'q' }],
  [
    { credentials: base64('{"type":"external_account","project_id":"q","audience":"//iam"}') },
    { projectId: 'q' },
  ],
  [{ credentials: base64('{\n  "type": "external_account",\n  "project_id": "q"\n}\n') }, { projectId: 'q' }],
])('%o gives %o', (params, expected) => {
  expect(readClientSettings({ ...given, ...params })).toMatchObject(expected)
})

it.each([
  [{ endpoint: 'a b' }, 'tts.params.endpoint: "a b" is not host[:port] with an optional http:// or https://'],
  [
    { credentials: '{"private_key":"do not show"}' },
    'tts.params.credentials: neither a path nor the JSON of a service-account key (client_email and private_key are needed)',
  ],
  ...[
    '-----BEGIN PRIVATE KEY-----\nshow\n-----END PRIVATE KEY-----',
    'c2hvdyBub2JvZHkg'.repeat(40),
    base64('{"type":"service_account","private_key":"show nobody"}'),
  ].map((credentials): [Partial<EndpointAndKey>, string] => [
    { credentials },
    'tts.params.credentials: neither a path nor the JSON of a service-account key (client_email and private_key are needed)',
  ]),
])('%o is refused, and no key is shown', (params, message) => {
  expect(() => readClientSettings({ ...given, ...params })).toThrow(expect.objectContaining({ message }))
})
