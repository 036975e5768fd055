import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    name: '@kav/plugin-elevenlabs',
    // A limit for a hung test, not for a slow machine: nothing here depends on time.
    testTimeout: 30_000,
  },
})
