/** A provider of an operator's own that sends whatever a test has it send. */
export function createScripted() {
  return (modelId) => ({
    specificationVersion: 'v3',
    modelId,
    provider: 'scripted',
    supportedUrls: {},
    doStream: (options) => globalThis[Symbol.for('kav.test.script')](options),
  })
}
