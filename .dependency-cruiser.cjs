/** Who may import whom (ARCHITECTURE.md), type imports counted. */
const PLUGINS = '^packages/plugin-'
const DIRECTORIES = '^packages/directory-'
const RECORDINGS = '^packages/recordings-'
const VENDOR_LIBRARIES = '^packages/(google-cloud|azure-speech)/'

module.exports = {
  forbidden: [
    { name: 'no-cycle', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'contracts-import-nothing-of-core',
      severity: 'error',
      from: { path: '^packages/core/src/contracts/' },
      to: { path: '^packages/core/src/(?!contracts/)' },
    },
    {
      name: 'kit-imports-contracts-only',
      severity: 'error',
      from: { path: '^packages/core/src/kit/' },
      to: { path: '^packages/core/src/(?!contracts/|kit/)' },
    },
    {
      name: 'audio-imports-contracts-only',
      severity: 'error',
      from: { path: '^packages/core/src/audio/' },
      to: { path: '^packages/core/src/(?!contracts/|audio/)' },
    },
    {
      name: 'panel-is-nobodys-pipeline',
      severity: 'error',
      comment: 'It measures calls of any agent, from times and samples.',
      from: { path: '^packages/core/src/panel/' },
      to: { path: '^packages/core/src/(?!contracts/|kit/|audio/|panel/)' },
    },
    {
      name: 'providers-import-contracts-and-kit',
      severity: 'error',
      comment:
        'Several providers as one, whatever is made of what they say. Words are told from what is none here.',
      from: { path: '^packages/core/src/providers/' },
      to: { path: '^packages/core/src/(?!contracts/|kit/|language/model-text/|providers/)' },
    },
    {
      name: 'tools-import-contracts-and-kit',
      severity: 'error',
      comment: 'And audio, for the tones of keys; and how models write, for what they write as arguments.',
      from: { path: '^packages/core/src/tools/' },
      to: { path: '^packages/core/src/(?!contracts/|kit/|audio/|language/model-text/|tools/)' },
    },
    {
      name: 'the-folders-of-the-pipeline-are-the-chain',
      severity: 'error',
      comment:
        'speaking, hearing <- turns <- replying <- realtime <- call: what stands later may import what stands before.',
      from: { path: '^packages/core/src/pipeline/(speaking|hearing|turns|replying|realtime)/' },
      to: { path: '^packages/core/src/pipeline/call/' },
    },
    {
      name: 'speaking-and-hearing-know-nothing-behind-them',
      severity: 'error',
      from: { path: '^packages/core/src/pipeline/(speaking|hearing)/' },
      to: { path: '^packages/core/src/(pipeline/(turns|replying|realtime)/|tools/)' },
    },
    {
      name: 'turns-know-no-reply',
      severity: 'error',
      from: { path: '^packages/core/src/pipeline/turns/' },
      to: { path: '^packages/core/src/pipeline/(speaking|replying|realtime)/' },
    },
    {
      name: 'plugins-import-the-authors-entry-points',
      severity: 'error',
      comment:
        '@kav/core and @kav/core/kit; their testing doubles @kav/core/testing too. /host is the server.',
      from: { path: `${PLUGINS}[^/]+/src/|${DIRECTORIES}[^/]+/src/|${VENDOR_LIBRARIES}src/` },
      to: { path: '^packages/core/dist/host' },
    },
    {
      name: 'fleet-imports-contracts-and-kit',
      severity: 'error',
      from: { path: '^packages/core/src/fleet/' },
      to: { path: '^packages/core/src/(?!contracts/|kit/|fleet/)' },
    },
    {
      name: 'recordings-import-only-core',
      severity: 'error',
      from: { path: `${RECORDINGS}([^/]+)/src/` },
      to: { path: '^(apps|packages/(?!recordings-|core/))|^packages/core/dist/host' },
    },
    {
      name: 'directories-import-only-core',
      severity: 'error',
      comment: 'Who runs which call is a matter of its own: a directory knows no plugin and no host.',
      from: { path: `${DIRECTORIES}([^/]+)/src/` },
      to: { path: '^(packages|apps)/', pathNot: '^packages/core/|^packages/directory-$1/' },
    },
    {
      name: 'telemetry-imports-only-core',
      severity: 'error',
      comment: 'What becomes of the events of a call elsewhere is a matter of its own.',
      from: { path: '^packages/telemetry-([^/]+)/src/' },
      to: { path: '^(packages|apps)/', pathNot: '^packages/core/|^packages/telemetry-$1/' },
    },
    {
      name: 'language-imports-contracts-only',
      severity: 'error',
      comment: 'And how JSON is read without altering it.',
      from: { path: '^packages/core/src/language/' },
      to: { path: '^packages/core/src/(?!contracts/|language/|kit/json-as-written\\.ts$)' },
    },
    {
      name: 'pipeline-is-handed-providers',
      severity: 'error',
      comment: 'The pipeline never reads configuration and never loads plugins.',
      from: { path: '^packages/core/src/pipeline/' },
      to: { path: '^packages/core/src/(config|plugins|testing)/' },
    },
    {
      name: 'nothing-imports-testing',
      severity: 'error',
      from: { path: '^packages/core/src/(?!testing/)' },
      to: { path: '^packages/core/src/testing/' },
    },
    {
      name: 'core-knows-no-vendor',
      severity: 'error',
      from: { path: '^packages/core/src/' },
      to: {
        path: `${PLUGINS}|${DIRECTORIES}|${VENDOR_LIBRARIES}|^packages/phone|^apps/|node_modules/(@google-cloud|@nats-io|openai|twilio|microsoft-|pino)`,
      },
    },
    {
      name: 'core-opens-sockets-for-plugins-only',
      severity: 'error',
      comment: 'The kit’s wire and the loopback server for tests. No part of a call knows what a socket is.',
      from: {
        path: '^packages/core/src/',
        pathNot: '^packages/core/src/(kit/wire|testing/loopback)/',
      },
      to: { path: 'node_modules/ws/' },
    },
    {
      name: 'plugins-import-only-core',
      severity: 'error',
      comment:
        'And the library of their vendor: the two plugins of a vendor speak one protocol, with the same errors and the same loopback server, which is written once.',
      from: { path: `${PLUGINS}([^/]+)/src/` },
      to: { path: '^(packages|apps)/', pathNot: `^packages/core/|^packages/plugin-$1/|${VENDOR_LIBRARIES}` },
    },
    {
      name: 'vendor-libraries-serve-their-vendor',
      severity: 'error',
      comment: 'A vendor library is the two plugins of that vendor: nobody else imports it.',
      from: { path: '^(packages|apps)/', pathNot: `${PLUGINS}(google|azure)-|${VENDOR_LIBRARIES}` },
      to: { path: VENDOR_LIBRARIES },
    },
    {
      name: 'vendor-libraries-serve-no-other-vendor',
      severity: 'error',
      from: { path: `${PLUGINS}(google|azure)-` },
      to: { path: VENDOR_LIBRARIES, pathNot: '^packages/$1-' },
    },
    {
      name: 'vendor-libraries-import-only-core',
      severity: 'error',
      from: { path: VENDOR_LIBRARIES },
      to: { path: '^(packages|apps)/', pathNot: '^packages/core/|^packages/$1/' },
    },
    {
      name: 'server-names-no-plugin',
      severity: 'error',
      comment: 'Plugins are named in YAML and imported by name.',
      from: { path: '^apps/server/src/' },
      to: { path: PLUGINS },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    // Not excluded: packages import each other's dist, and a rule sees only what is not excluded.
    doNotFollow: { path: 'node_modules|dist' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'default'] },
    tsConfig: { fileName: 'tsconfig.check.json' },
  },
}
