export {
  createProviders,
  createCallStore,
  createTransport,
  type Providers,
  type RunningProvider,
  type StageDoubt,
  type TriedProviders,
  tryProviders,
} from './create-providers.ts'
export { createPackageFinder, type FindPackage, type FoundPackage } from '../kit/find-package.ts'
export { importFault } from './import-fault.ts'
export { tryImport } from './import-trial.ts'
export { nameInstances } from './instance-names.ts'
export type { LoadedStage, LoadedStages } from './loaded-stages.ts'
export { paramsDoc } from './params-doc.ts'
export {
  createPluginLoader,
  type PluginLoad,
  type PluginLoader,
  type PluginLoaderOptions,
} from './plugin-loader.ts'
export type { PluginFault } from './plugin-name.ts'
export type { ModulePlugins } from './read-module.ts'
