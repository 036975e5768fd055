import { constants, Script } from 'node:vm'

/** Node's own `import`, as a host has it: the test runner's replaces the errors of missing packages. */
export const nativeImport = new Script('(specifier) => import(specifier)', {
  importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
}).runInThisContext() as (specifier: string) => Promise<unknown>
