import { defineConfig } from 'vitest/config'

export default defineConfig({
  // Those of the templates are run where they have been begun.
  test: { include: ['test/**/*.test.ts'] },
})
