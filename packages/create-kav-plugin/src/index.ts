export { createKavPlugin } from './create-kav-plugin.ts'
export { newPlugin, type NewPluginOptions } from './new-plugin.ts'
export { LANGUAGES, TEMPLATE_KINDS } from './template-kinds.ts'
