export type { DirectoryTls } from './directory-tls.ts'
export { openNatsDirectory, type NatsDirectoryOptions } from './nats-directory.ts'
export { readAddresses, type ServerAddresses } from './server-addresses.ts'
