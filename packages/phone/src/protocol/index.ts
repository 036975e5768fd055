/** What a far end needs in any JavaScript, a browser's included: nothing here knows Node.js. */
export * from './judge-message.ts'
export * from './playout.ts'
export * from './stream-messages.ts'
