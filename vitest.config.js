import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    projects: ['packages/*', 'apps/*'],
    // Two cores: more workers only make real-time tests wait for each other.
    maxWorkers: 2,
  },
})
