import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    name: '@kav/plugin-twilio',
    // Limits for a hung test, not for a slow machine: nothing here depends on time.
    testTimeout: 30_000,
    expect: { poll: { timeout: 10_000, interval: 5 } },
  },
})
