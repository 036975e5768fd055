import type { PluginNames } from './plugin-names.ts'
import { DOUBLE_PORTS, type Language, type TemplateKind } from './template-kinds.ts'

export interface NewPlugin extends PluginNames {
  readonly kind: TemplateKind
  readonly language: Language
  /** Of Kav: that of this package. */
  readonly version: string
}

/** What only some kinds need. */
const OWN_DEPENDENCIES: Readonly<
  Partial<Record<TemplateKind, { readonly own: object; readonly dev: object }>>
> = {
  transport: { own: { ws: '^8.18.0' }, dev: { '@types/ws': '^8.18.0' } },
}

const PLATFORM = ['@kav/core', '@kav/server', '@types/node', 'typescript']

/** Whether a package of this name stands among what a plugin of a kind needs. */
export function isNeeded(name: string, kind: TemplateKind): boolean {
  const { own = {}, dev = {} } = OWN_DEPENDENCIES[kind] ?? {}
  return [...PLATFORM, ...Object.keys(own), ...Object.keys(dev)].includes(name)
}

/** The package.json of a new plugin. The core is a peer: there is one in a process, the host's. */
export function manifestOf({ packageName, short, kind, language, version }: NewPlugin): object {
  const { own, dev } = OWN_DEPENDENCIES[kind] ?? {}
  const isTs = language === 'ts'
  const built = isTs ? './dist/' : './'
  return {
    name: packageName,
    version: '0.1.0',
    description: `${short}: a plugin of kind ${kind} for Kav`,
    keywords: ['kav', 'kav-plugin', kind],
    license: 'MIT',
    type: 'module',
    engines: { node: '>=20.11' },
    files: [...(isTs ? ['dist/src'] : []), 'src', 'conformance.json'],
    exports: {
      '.': isTs
        ? { types: './dist/src/index.d.ts', default: './dist/src/index.js' }
        : { default: './src/index.js' },
    },
    kav: { contract: `${built}test/contract.js` },
    scripts: scriptsOf(kind, isTs),
    peerDependencies: { '@kav/core': `^${version}` },
    ...(own && { dependencies: own }),
    // npm keeps what has a scope to itself, unless told.
    ...(packageName.startsWith('@') && { publishConfig: { access: 'public' } }),
    devDependencies: {
      '@kav/core': `^${version}`,
      '@kav/server': `^${version}`,
      '@types/node': '^20.19.0',
      ...dev,
      typescript: '>=5.7 <7',
    },
  }
}

function scriptsOf(kind: TemplateKind, isTs: boolean): Record<string, string> {
  const [first, built] = isTs ? ['tsc && ', 'dist/'] : ['', '']
  const port = DOUBLE_PORTS[kind]
  return {
    ...(isTs ? { build: 'tsc' } : { types: 'tsc' }),
    test: `${first}node --test ${built}test/contract.test.js`,
    check: `${first}kav plugin check`,
    docs: `${first}kav plugin doc`,
    ...(port !== undefined && { double: `${first}node ${built}test/double.js --port ${port}` }),
    prepack: 'tsc',
  }
}
