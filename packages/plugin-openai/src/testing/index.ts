export type { Exchange, HttpScript, RecordedRequest } from './http-exchange.ts'
export * from './http-scripts.ts'
export * from './loopback-openai.ts'
export type { RealtimePeer, RealtimeScript } from './realtime-peer.ts'
