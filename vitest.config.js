import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const root = fileURLToPath(new URL('.', import.meta.url))

/** Every package with its own settings, if it has some, and with the seed that all share. */
const projects = ['packages', 'apps']
  .flatMap((folder) => readdirSync(root + folder).map((name) => `${folder}/${name}`))
  .filter((folder) => existsSync(`${root}${folder}/package.json`))
  .map((folder) => {
    const own = `${root}${folder}/vitest.config.js`
    return {
      ...(existsSync(own) && { extends: own }),
      root: root + folder,
      test: {
        name: JSON.parse(readFileSync(`${root}${folder}/package.json`, 'utf8')).name,
        // A limit for a hung test, not for a slow machine: nothing depends on time.
        testTimeout: 30_000,
        setupFiles: [`${root}scripts/test-seed.setup.mjs`],
      },
    }
  })

export default defineConfig({
  test: {
    projects,
    // Two cores: more workers only make real-time tests wait for each other.
    maxWorkers: 2,
  },
})
