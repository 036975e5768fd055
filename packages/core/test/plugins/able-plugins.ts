import { readFileSync } from 'node:fs'
import { type BrokenPlugin, DEFAULT, LLM, made, manifest } from './broken-plugins.ts'

const { version: OWN_VERSION } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
) as { version: string }
/** A copy of the core, as far as a plugin needs one. */
const OTHER_CORE =
  "export const definePlugin = (plugin) =>\n  Object.defineProperty(plugin, Symbol.for('kav.plugin.core'), { value: import.meta.url })\n"

/** Plugins that are odd and work. */
export const ABLE_PLUGINS: readonly BrokenPlugin[] = [
  { what: 'a file', plugin: './acme.mjs', files: { 'desk/acme.mjs': DEFAULT }, problem: '' },
  {
    what: 'a function that is misspelt, which nobody would call',
    plugin: './acme.mjs',
    files: { 'desk/acme.mjs': made('livecheck: async () => []') },
    problem:
      'warning: llm.plugin: "./acme.mjs" has "livecheck", which no plugin has; did you mean "liveCheck"?',
  },
  { what: 'contract 1', plugin: './acme.mjs', files: { 'desk/acme.mjs': made('contract: 1') }, problem: '' },
  {
    what: 'CommonJS that a compiler made of a default export',
    plugin: './acme.cjs',
    files: {
      'desk/acme.cjs': `Object.defineProperty(exports, '__esModule', { value: true })\nexports.default = ${LLM}\n`,
    },
    problem: '',
  },
  {
    what: 'CommonJS',
    plugin: './acme.cjs',
    files: { 'desk/acme.cjs': `module.exports = ${LLM}\n` },
    problem: '',
  },
  {
    what: 'a package beside the pipeline, by the import side of its exports',
    plugin: '@acme/llm/fast',
    files: {
      'desk/node_modules/@acme/llm/package.json': manifest({
        name: '@acme/llm',
        exports: { './*': { require: './bad.cjs', import: './lib/*.mjs' } },
      }),
      'desk/node_modules/@acme/llm/lib/fast.mjs': DEFAULT,
    },
    problem: '',
  },
  {
    what: 'a package in a folder above the pipeline',
    plugin: 'acme-llm',
    files: {
      'node_modules/acme-llm/package.json': manifest({ main: 'lib' }),
      'node_modules/acme-llm/lib/index.js': `module.exports = ${LLM}\n`,
    },
    problem: '',
  },
  {
    what: 'a package of the host',
    plugin: 'acme-llm',
    files: {
      'host/node_modules/acme-llm/package.json': manifest({ type: 'module' }),
      'host/node_modules/acme-llm/index.js': DEFAULT,
    },
    problem: '',
  },
  {
    what: 'a package of the host that the operator has in another version',
    plugin: 'acme-llm',
    files: {
      'host/node_modules/acme-llm/package.json': manifest({ type: 'module' }),
      'host/node_modules/acme-llm/index.js': "throw new Error('the host’s')\n",
      'desk/node_modules/acme-llm/package.json': manifest({ type: 'module' }),
      'desk/node_modules/acme-llm/index.js': DEFAULT,
    },
    problem: '',
  },
  {
    what: 'the package that the pipeline lies in, by its own name',
    plugin: 'acme-llm',
    files: {
      'desk/package.json': manifest({ name: 'acme-llm', exports: './index.mjs' }),
      'desk/index.mjs': DEFAULT,
    },
    problem: '',
  },
  {
    what: 'a plugin of another copy of the core',
    plugin: 'acme-llm',
    files: {
      'desk/package.json': '{}',
      'desk/node_modules/acme-llm/package.json': manifest({ type: 'module' }),
      'desk/node_modules/acme-llm/index.js': `import { definePlugin } from '@kav/core'\nexport default definePlugin(${LLM})\n`,
      'desk/node_modules/acme-llm/node_modules/@kav/core/package.json': manifest({
        name: '@kav/core',
        version: '0.0.7',
        type: 'module',
        exports: './dist/contracts/plugin.js',
      }),
      'desk/node_modules/acme-llm/node_modules/@kav/core/dist/contracts/plugin.js': OTHER_CORE,
    },
    problem:
      'warning: llm.plugin: "acme-llm" was made by another copy of the core, @kav/core 0.0.7 in /desk/node_modules/acme-llm/node_modules/@kav/core, than the one that runs, @kav/core VERSION in /core; it works while both have contract 1, and is one too many: run in /desk: npm install @kav/core@VERSION',
  },
  {
    what: 'a plugin of a link, which has the same core again',
    plugin: 'acme-llm',
    files: {
      'desk/package.json': '{}',
      'desk/node_modules/acme-llm/package.json': manifest({ type: 'module' }),
      'desk/node_modules/acme-llm/index.js': `import { definePlugin } from '@kav/core'\nexport default definePlugin(${LLM})\n`,
      'desk/node_modules/acme-llm/node_modules/@kav/core/package.json': manifest({
        name: '@kav/core',
        version: OWN_VERSION,
        type: 'module',
        exports: './dist/contracts/plugin.js',
      }),
      'desk/node_modules/acme-llm/node_modules/@kav/core/dist/contracts/plugin.js': OTHER_CORE,
    },
    problem:
      'warning: llm.plugin: "acme-llm" was made by another copy of the core, @kav/core VERSION in /desk/node_modules/acme-llm/node_modules/@kav/core, than the one that runs, @kav/core VERSION in /core; it works while both have contract 1, and is one too many: the package was linked ("npm install ./x" makes a link, which keeps its own core); run npm pack in its folder and install the .tgz that it writes, or remove /desk/node_modules/acme-llm/node_modules/@kav/core',
  },
  {
    what: 'a plugin with a copy of the core in its bundle',
    plugin: './acme.mjs',
    files: {
      'desk/package.json': '{}',
      'desk/acme.mjs': `export default Object.defineProperty(${LLM}, Symbol.for('kav.plugin.core'), { value: import.meta.url })\n`,
    },
    problem:
      'warning: llm.plugin: "./acme.mjs" was made by another copy of the core, bundled in /desk/acme.mjs, than the one that runs, @kav/core VERSION in /core; it works while both have contract 1, and is one too many: its author leaves "@kav/core" out of the bundle, as a peer dependency',
  },
]
