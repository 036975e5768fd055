export * from '../../src/testing/call-rig.ts'
