/** Watches and steers calls over the admin API of `kav serve`. Each name is listed: a new one is a promise. */
export { createKavClient, type KavClient, type KavClientOptions } from './kav-client.ts'
export { KavApiError, type KavErrorCode } from './kav-api-error.ts'
export type { Listening, ListenHandlers } from './listen.ts'
export type * from './api-types.ts'
export type { CallsEvent, CallEvent } from './watched-events.ts'
