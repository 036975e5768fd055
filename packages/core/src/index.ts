export * from './contracts/index.ts'
export * from './audio/index.ts'
