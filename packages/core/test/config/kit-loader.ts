import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createPluginLoader } from '../../src/plugins/index.ts'
import { nativeImport } from '../plugins/native-import.ts'

const KIT = new URL('../plugins/fixtures/voice-kit.mjs', import.meta.url).href

const INSTALLED: Readonly<Record<string, string>> = {
  '@kav/plugin-kit': KIT,
  '@kav/plugin-mcp': new URL('../plugins/fixtures/mcp-kit.mjs', import.meta.url).href,
}

/** A host with two packages installed. */
export const kitLoader = createPluginLoader({
  importModule: nativeImport,
  findPackage: async (name) => {
    const url = INSTALLED[name]
    return url === undefined
      ? { ok: false, installed: false }
      : { ok: true, url, folder: dirname(fileURLToPath(url)) }
  },
  known: ['@kav/plugin-kit', '@kav/plugin-google-stt', '@kav/plugin-google-tts'],
})

/** What `${NAME}` is taken from in the fixtures. */
export const FIXTURE_ENV = {
  AUTH_TOKEN: 'line-secret-0001',
  SHORT_TOKEN: 'hunter2',
  API_KEY: 'key-secret-0002-much-too-long',
  PORT: '8443',
  BIG_PORT: '70000',
  NOT_A_NUMBER: 'ten-and-a-half',
  ENHANCED: 'true',
  EMPTY: '',
  MODEL: 'leaky',
  PLAIN: 'plain-secret-0005',
  LEAKY_KEY: 'key-secret-0003',
  QUOTED_TOKEN: '"line-secret-0001" \n',
  BEARER_TOKEN: 'Bearer line-secret-0001',
  HIDDEN_TOKEN: 'line-\u200bsecret-0001',
  NAMED_TOKEN: 'SHOP_TOKEN=line-secret-0001',
  ENDED_TOKEN: 'line-secret-0001;',
  OTHER_TOKEN: '$SHOP_TOKEN',
  CURLED_TOKEN: '“line-secret-0001”',
  ACCENTED_TOKEN: 'line-sécret-0001',
  FILE_TOKEN: 'file:///run/secrets/token',
  URL_WITH_LINE_END: 'https://voice.example.com\n',
}
