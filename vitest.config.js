import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const root = fileURLToPath(new URL('.', import.meta.url))

const packages = ['packages', 'apps']
  .flatMap((folder) => readdirSync(root + folder).map((name) => `${folder}/${name}`))
  .filter((folder) => existsSync(`${root}${folder}/package.json`))
  .map((folder) => ({
    folder,
    name: JSON.parse(readFileSync(`${root}${folder}/package.json`, 'utf8')).name,
  }))

const others = ['scripts', 'bench'].map((folder) => ({ folder, name: folder }))

/** Every package, the scripts and the measurements, with their own settings, if they have some, and with one seed. */
const projects = [...packages, ...others].map(({ folder, name }) => {
  const own = `${root}${folder}/vitest.config.js`
  return {
    ...(existsSync(own) && { extends: own }),
    root: root + folder,
    test: {
      name,
      // Limits for a hung test, not for a slow machine: nothing depends on time.
      testTimeout: 120_000,
      hookTimeout: 120_000,
      expect: { poll: { timeout: 60_000 } },
      setupFiles: [
        `${root}scripts/test-seed.setup.mjs`,
        ...(name === '@kav/server' ? [`${root}apps/server/test/fresh-modules.setup.ts`] : []),
      ],
      // Of the tests of a file that wait for processes of their own.
      maxConcurrency: 2,
      // Files share a process and what it has imported, a third of the time.
      isolate: false,
      // What is built is imported as it is, as node_modules are, and not made into modules of Vite's once more.
      server: { deps: { external: [/\/(?:packages|apps)\/[^/]+\/dist\//] } },
      // Its nodes are on fake clocks and its server on a real one: on a machine that has no time for it, once more.
      ...(name === '@kav/directory-nats' && { retry: 2 }),
    },
  }
})

export default defineConfig({
  test: {
    projects,
    // One more than the cores: tests wait for more than half of their time, for calls in real time and other processes.
    maxWorkers: 3,
  },
})
