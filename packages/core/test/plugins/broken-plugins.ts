/** A plugin that is broken in one way. */
export interface BrokenPlugin {
  readonly what: string
  /** As the pipeline, which lies in `desk/`, names it. */
  readonly plugin: string
  /** By their path in the operator's machine. */
  readonly files: Readonly<Record<string, string>>
  /** What the operator reads after `llm.plugin: `. */
  readonly problem: string
}

export const LLM = `{
  kind: 'llm', name: 'acme', description: '', params: { type: 'object', properties: {} },
  create: () => ({ reply() {}, close() {} }),
}`
export const DEFAULT = `export default ${LLM}\n`
export const made = (fields: string): string => `export default { ...${LLM}, ${fields} }\n`
export const manifest = (fields: object): string => JSON.stringify(fields)

/** Not found, or found and not whole. */
const FINDING: readonly BrokenPlugin[] = [
  {
    what: 'a package that is not installed',
    plugin: 'acme-llm',
    files: {},
    problem: '"acme-llm" is not installed; run: npm install acme-llm',
  },
  {
    what: 'a package of the project, misspelt',
    plugin: 'acme-lmm',
    files: { 'package.json': manifest({ dependencies: { 'acme-llm': '1.0.0' } }) },
    problem: '"acme-lmm" is not installed; did you mean "acme-llm"? Otherwise run: npm install acme-lmm',
  },
  {
    what: 'a file below this folder, written as a package',
    plugin: 'load/good.js',
    files: { 'desk/load/good.js': DEFAULT },
    problem: '"load/good.js" reads as a package\'s name, and is a file here; write "./load/good.js"',
  },
  {
    what: 'a file that is not there',
    plugin: './acme.mjs',
    files: {},
    problem: 'there is no file "./acme.mjs"; paths start at the folder of the pipeline file',
  },
  {
    what: 'a package that was not built',
    plugin: 'acme-llm',
    files: { 'desk/node_modules/acme-llm/package.json': manifest({ exports: './dist/index.js' }) },
    problem:
      '"acme-llm" cannot be imported: /desk/node_modules/acme-llm/dist/index.js, its entry, is not there; build the package',
  },
  {
    what: 'an entry that the package does not export',
    plugin: 'acme-llm/inner',
    files: {
      'desk/node_modules/acme-llm/package.json': manifest({
        name: 'acme-llm',
        exports: { '.': './index.js' },
      }),
    },
    problem:
      '"acme-llm/inner" cannot be imported: /desk/node_modules/acme-llm/package.json: Missing "./inner" specifier in "acme-llm" package',
  },
  {
    what: 'a peer that is not installed',
    plugin: 'acme-llm',
    files: {
      'desk/package.json': '{}',
      'desk/node_modules/acme-llm/package.json': manifest({ type: 'module' }),
      'desk/node_modules/acme-llm/index.js': `import { definePlugin } from '@kav/core'\n${DEFAULT}`,
    },
    problem:
      '"acme-llm" imports "@kav/core", which is not installed for it (from /desk/node_modules/acme-llm/index.js); run in /desk: npm install @kav/core@VERSION',
  },
  {
    what: 'a peer that its CommonJS does not find',
    plugin: './acme.cjs',
    files: { 'desk/package.json': '{}', 'desk/acme.cjs': "require('acme-sdk')\n" },
    problem:
      '"./acme.cjs" imports "acme-sdk", which is not installed for it (from /desk/acme.cjs); run in /desk: npm install acme-sdk',
  },
  {
    what: 'a file of its own that is not there',
    plugin: './acme.mjs',
    files: { 'desk/acme.mjs': `import './wire.mjs'\n${DEFAULT}` },
    problem:
      '"./acme.mjs" imports /desk/wire.mjs, which is not there (from /desk/acme.mjs); correct the path, or build the package',
  },
]

/** Text that is not what Node.js reads. */
const READING: readonly BrokenPlugin[] = [
  {
    what: 'a syntax error',
    plugin: './acme.mjs',
    files: { 'desk/acme.mjs': "export default {\n  kind: 'llm',\n  name 'acme',\n}\n" },
    problem:
      '"./acme.mjs" cannot be read by Node.js: Unexpected string (at /desk/acme.mjs:3); correct it there',
  },
  {
    what: 'a syntax error in a file that it imports',
    plugin: './acme.mjs',
    files: { 'desk/acme.mjs': `import './wire.mjs'\n${DEFAULT}`, 'desk/wire.mjs': '\n\n)\n' },
    problem:
      '"./acme.mjs" cannot be read by Node.js: Unexpected token \')\' (at /desk/wire.mjs:3); correct it there',
  },
  {
    what: 'a name that what it imports does not export',
    plugin: './acme.mjs',
    files: {
      'desk/acme.mjs': `import { definePlugins } from '@kav/core'\n${DEFAULT}`,
      'desk/package.json': '{}',
      'desk/node_modules/@kav/core/package.json': manifest({ type: 'module' }),
      'desk/node_modules/@kav/core/index.js': 'export const definePlugin = 1\n',
    },
    problem:
      '"./acme.mjs" imports "definePlugins" from "@kav/core", which exports no such name (at /desk/acme.mjs:1); correct the name, or run in /desk: npm install @kav/core@VERSION',
  },
  {
    what: 'an ES module in a project of CommonJS',
    plugin: './acme.js',
    files: { 'desk/package.json': manifest({ type: 'commonjs' }), 'desk/acme.js': `const a = 1\n${DEFAULT}` },
    problem:
      '"./acme.js" is written as an ES module, and /desk/package.json says "type": "commonjs", not "type": "module" (at /desk/acme.js:2); run in /desk: npm pkg set type=module, or name the file acme.mjs',
  },
  {
    what: 'an ES module in a package of CommonJS, whose file begins with an import',
    plugin: 'acme-llm',
    files: {
      'desk/node_modules/acme-llm/package.json': manifest({ type: 'commonjs' }),
      'desk/node_modules/acme-llm/index.js': `import 'node:fs'\n${DEFAULT}`,
    },
    problem:
      '"acme-llm" is written as an ES module, and /desk/node_modules/acme-llm/package.json says "type": "commonjs", not "type": "module" (at /desk/node_modules/acme-llm/index.js:1); run in /desk/node_modules/acme-llm: npm pkg set type=module, or name the file index.mjs',
  },
]

/** Code that does what an import must not. */
const RUNNING: readonly BrokenPlugin[] = [
  {
    what: 'CommonJS where ES modules are read',
    plugin: './acme.js',
    files: {
      'desk/package.json': manifest({ type: 'module' }),
      'desk/acme.js': `const fs = require('node:fs')\nmodule.exports = ${LLM}\n`,
    },
    problem:
      '"./acme.js" is written as CommonJS ("require"), and /desk/package.json says "type": "module" (at /desk/acme.js:1:12); name the file acme.cjs, or write it as an ES module: export default',
  },
  {
    what: 'an import that throws',
    plugin: './acme.mjs',
    files: { 'desk/acme.mjs': `\nthrow new Error('the licence file is missing')\n` },
    problem:
      '"./acme.mjs" failed while it was imported: the licence file is missing (at /desk/acme.mjs:2:7); importing a plugin must do nothing, so let create do what can fail',
  },
  {
    what: 'an import that throws in a file below',
    plugin: './acme.mjs',
    files: {
      'desk/acme.mjs': `import './wire.mjs'\n${DEFAULT}`,
      'desk/wire.mjs': 'const { url } = undefined\n',
    },
    problem:
      "\"./acme.mjs\" failed while it was imported: Cannot destructure property 'url' of 'undefined' as it is undefined. (at /desk/wire.mjs:1:9); importing a plugin must do nothing, so let create do what can fail",
  },
  {
    what: 'an import that throws with a place that no file can have',
    plugin: './acme.mjs',
    files: {
      'desk/acme.mjs':
        "const error = new Error('x'); error.stack = 'Error: x\\n    at file:///a%2Fb.js:1:2'; throw error\n",
    },
    problem: '"./acme.mjs" failed while it was imported: x',
  },
  {
    what: 'an import that says it was asked for by such a file',
    plugin: './acme.mjs',
    files: {
      'desk/acme.mjs': `throw new Error("Cannot find package 'x' imported from file:///a%2Fb")\n`,
    },
    problem:
      '"./acme.mjs" failed while it was imported: Cannot find package \'x\' (at /desk/acme.mjs:1:7); importing a plugin must do nothing, so let create do what can fail',
  },
  {
    what: 'an import that throws a text',
    plugin: './acme.mjs',
    files: { 'desk/acme.mjs': "throw 'no licence'\n" },
    problem: '"./acme.mjs" failed while it was imported: no licence',
  },
  {
    what: 'an import that ends the process',
    plugin: './acme.mjs',
    files: { 'desk/acme.mjs': '\nif (!globalThis.acmeLicence) process.exit(3)\n' },
    problem:
      '"./acme.mjs" ended the process while it was imported: process.exit(3) (at /desk/acme.mjs:2:38); throw an error from create instead',
  },
  {
    what: 'an import that ends the process after a while',
    plugin: './acme.mjs',
    files: { 'desk/acme.mjs': 'await null\nprocess.exit()\n' },
    problem:
      '"./acme.mjs" ended the process while it was imported: process.exit(0) (at /desk/acme.mjs:2:9); throw an error from create instead',
  },
  {
    what: 'an import that never settles',
    plugin: './acme.mjs',
    files: { 'desk/acme.mjs': 'await new Promise(() => undefined)\n' },
    problem:
      '"./acme.mjs" was still being imported after 30 s (/desk/acme.mjs); importing a plugin must do nothing: wait for servers and files in warm, not at the top of a module',
  },
]

/** Exports that are no plugin, or none for this Kav. */
const EXPORTING: readonly BrokenPlugin[] = [
  {
    what: 'a named export in the place of the default',
    plugin: './acme.mjs',
    files: { 'desk/acme.mjs': `export const acme = ${LLM}\n` },
    problem: '"./acme.mjs" exports its plugin by the name "acme"; write: export default acme',
  },
  {
    what: 'no export',
    plugin: './acme.mjs',
    files: { 'desk/acme.mjs': 'export const version = 1\n' },
    problem: '"./acme.mjs" has no default export; export the result of definePlugin',
  },
  {
    what: 'a plugin of another kind',
    plugin: './acme.mjs',
    files: { 'desk/acme.mjs': made("kind: 'tts'") },
    problem: '"./acme.mjs" has no llm plugin; it provides tts',
  },
  {
    what: 'a kind that is misspelt',
    plugin: './acme.mjs',
    files: { 'desk/acme.mjs': made("kind: 'lmm'") },
    problem:
      '"./acme.mjs" is not a Kav plugin: its default export has no "kind" of transport, stt, llm, tts, vad, turn, denoise, tool, realtime, store; did you mean "llm"?',
  },
  {
    what: 'a promise of a plugin',
    plugin: './acme.mjs',
    files: { 'desk/acme.mjs': `export default Promise.resolve(${LLM})\n` },
    problem: '"./acme.mjs" is not a Kav plugin: its default export is a promise; export the plugin itself',
  },
  {
    what: 'a function that is none',
    plugin: './acme.mjs',
    files: { 'desk/acme.mjs': made("liveCheck: 'yes'") },
    problem: '"./acme.mjs" is not a Kav plugin: its default export has a "liveCheck" that is not a function',
  },
  {
    what: 'a contract of tomorrow',
    plugin: './acme.mjs',
    files: { 'desk/acme.mjs': made('contract: 2') },
    problem:
      '"./acme.mjs" is written for contract 2, and this version of Kav has contract 1; run: npm install @kav/server@latest, or install a version of it for contract 1',
  },
  {
    what: 'a contract of the past',
    plugin: './acme.mjs',
    files: { 'desk/acme.mjs': made('contract: 0') },
    problem:
      '"./acme.mjs" is written for contract 0, and this version of Kav has contract 1; install a version of it for contract 1',
  },
  {
    what: 'a schema that is none',
    plugin: './acme.mjs',
    files: { 'desk/acme.mjs': made("params: { type: 'object', properties: { a: { type: 'sting' } } }") },
    problem:
      'plugin "acme" states its params in a schema that cannot be used: schema is invalid: data/properties/a/type must be equal to one of the allowed values, data/properties/a/type must be array, data/properties/a/type must match a schema in anyOf',
  },
  {
    what: 'a schema that holds itself',
    plugin: './acme.mjs',
    files: {
      'desk/acme.mjs': `const params = { type: 'object', properties: {} }\nparams.properties.me = params\n${made('params')}`,
    },
    problem:
      'plugin "acme" states its params in a schema that cannot be used: what stands at /properties/me holds itself; refer to it by "$ref" and "$defs" (in /desk/acme.mjs)',
  },
  {
    what: 'a schema that is not the same at each reading',
    plugin: './acme.mjs',
    files: {
      'desk/acme.mjs': made("params: { type: 'object', get properties() { throw new Error('trap') } }"),
    },
    problem:
      'plugin "acme" states its params in a schema that cannot be used: what stands at /properties is a getter; write the value itself (in /desk/acme.mjs)',
  },
  {
    what: 'a schema with a function in it',
    plugin: './acme.mjs',
    files: { 'desk/acme.mjs': made("params: { type: 'object', properties: { a: { default() {} } } }") },
    problem:
      'plugin "acme" states its params in a schema that cannot be used: what stands at /properties/a/default is a function, which JSON cannot hold; leave it out (in /desk/acme.mjs)',
  },
  {
    what: 'a pattern whose time has no bound',
    plugin: './acme.mjs',
    files: {
      'desk/acme.mjs': made(
        "params: { type: 'object', properties: { a: { type: 'string', pattern: '^(?=a)(a+)+$' } } }",
      ),
    },
    problem:
      'plugin "acme" states its params in a schema that cannot be used: the pattern "^(?=a)(a+)+$" cannot be used: error parsing regexp: invalid or unsupported Perl syntax: `(?=` (patterns are RE2\'s: no look-ahead, no look-behind, no back-references, no repetition above 1000)',
  },
  {
    what: 'a schema of no map',
    plugin: './acme.mjs',
    files: { 'desk/acme.mjs': made("params: { type: 'string' }") },
    problem: 'plugin "acme" states its params in a schema that cannot be used: it must describe an object',
  },
]

export const BROKEN_PLUGINS = [...FINDING, ...READING, ...RUNNING, ...EXPORTING]

/** Plugins that load, and whose `create` is refused. */
export const BROKEN_CREATES: readonly BrokenPlugin[] = [
  {
    what: 'a create that throws',
    plugin: './acme.mjs',
    files: { 'desk/acme.mjs': made("\n  create() { throw new Error('no model file') }") },
    problem: 'llm: plugin "acme" (./acme.mjs) could not be made: no model file (at /desk/acme.mjs:5:20)',
  },
  {
    what: 'a create that returns a promise',
    plugin: './acme.mjs',
    files: { 'desk/acme.mjs': made('create: async () => ({ reply() {}, close() {} })') },
    problem:
      'llm: plugin "acme" (./acme.mjs) could not be made: create returned a promise; it makes the provider at once, and connects in warm or on first use',
  },
  {
    what: 'a provider without a method',
    plugin: './acme.mjs',
    files: { 'desk/acme.mjs': made('create: () => ({ answer() {}, close() {} })') },
    problem:
      'llm: plugin "acme" (./acme.mjs) could not be made: the provider has no "reply"; llm needs reply, close',
  },
  {
    what: 'a provider with a method that is misspelt',
    plugin: './acme.mjs',
    files: { 'desk/acme.mjs': made('create: () => ({ repply() {}, close() {} })') },
    problem:
      'llm: plugin "acme" (./acme.mjs) could not be made: the provider has no "reply", but "repply"; llm needs reply, close',
  },
  {
    what: 'a provider with a method that is none',
    plugin: './acme.mjs',
    files: { 'desk/acme.mjs': made("create: () => ({ reply() {}, close: 'later' })") },
    problem:
      'llm: plugin "acme" (./acme.mjs) could not be made: "close" of the provider is not a function; it is \'later\'',
  },
  {
    what: 'a create that returns nothing',
    plugin: './acme.mjs',
    files: { 'desk/acme.mjs': made('create() {}') },
    problem:
      'llm: plugin "acme" (./acme.mjs) could not be made: create returned undefined, and not a provider; return an object with reply, close',
  },
]
