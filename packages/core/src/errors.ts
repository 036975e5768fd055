/** One row of the table below; `docs/errors.md` has a section for each. */
export interface ErrorEntry {
  /** What happened, one sentence. */
  readonly meaning: string
  /** What the reader should do, one sentence. */
  readonly action: string
  /** Whether trying the same again may work. */
  readonly retryable: boolean
}

/**
 * Every error code of the core. A code is for good: once published it keeps its name and its meaning.
 * To add one: add a row here and a section of the same name in `docs/errors.md`; a test ties the two.
 */
export const ERROR_CODES = {
  // The file as a whole.
  KAV_CONFIG_FILE_NOT_FOUND: {
    meaning: 'The pipeline file does not exist.',
    action: 'Check the path; it is relative to the directory the command runs in.',
    retryable: false,
  },
  KAV_CONFIG_FILE_UNREADABLE: {
    meaning: 'The path is a directory, or the file cannot be read.',
    action: 'Name the YAML file itself and check its permissions.',
    retryable: false,
  },
  KAV_CONFIG_FILE_TOO_LARGE: {
    meaning: 'The file is larger, or holds more entries, than any pipeline needs.',
    action: 'Check that this is the right file; move long texts out of the pipeline.',
    retryable: false,
  },
  KAV_CONFIG_ENCODING: {
    meaning: 'The file is not UTF-8 text.',
    action: 'Save the file as UTF-8.',
    retryable: false,
  },
  KAV_CONFIG_EMPTY: {
    meaning: 'The file holds no configuration.',
    action: 'Start from one of the files in pipelines/.',
    retryable: false,
  },
  KAV_CONFIG_DOUBT: {
    meaning: 'What is written is legal, and will likely fail on the call or not do what was meant.',
    action: 'Follow the message, or leave it when it is meant so.',
    retryable: false,
  },
  KAV_CONFIG_TOGETHER: {
    meaning: 'The file is right by itself, and cannot be served together with another one of the service.',
    action: 'Follow the message: it names the other file and what the two share.',
    retryable: false,
  },
  // YAML.
  KAV_CONFIG_SYNTAX: {
    meaning: 'The file is not valid YAML at this place.',
    action: 'Correct indentation, quotes or brackets at the line and column shown.',
    retryable: false,
  },
  KAV_CONFIG_MULTIPLE_DOCUMENTS: {
    meaning: 'The file holds more than one YAML document.',
    action: 'Keep one pipeline per file; remove the separator line.',
    retryable: false,
  },
  KAV_CONFIG_DUPLICATE_KEY: {
    meaning: 'One map states the same key twice.',
    action: 'Keep one of the two; the message names the line of the first.',
    retryable: false,
  },
  KAV_CONFIG_KEY: {
    meaning: 'A key is empty, not plain text, or not allowed.',
    action: 'Use a plain text key.',
    retryable: false,
  },
  KAV_CONFIG_ALIAS: {
    meaning: 'A YAML alias is unknown, contains itself, or there are too many.',
    action: 'Write the value out in place of the alias.',
    retryable: false,
  },
  KAV_CONFIG_TAG: {
    meaning: 'The file uses a YAML tag that Kav does not read.',
    action: 'Remove the tag; quote the value if it must stay text.',
    retryable: false,
  },
  KAV_CONFIG_TOO_DEEP: {
    meaning: 'Maps and lists are nested deeper than any pipeline needs.',
    action: 'Look for a missing closing bracket or a wrong indentation.',
    retryable: false,
  },
  // Fields.
  KAV_CONFIG_UNKNOWN_FIELD: {
    meaning: 'No field of this name exists here.',
    action: 'Correct the spelling, or move the field to the map it belongs to.',
    retryable: false,
  },
  KAV_CONFIG_MISSING_FIELD: {
    meaning: 'A required field or stage is not there.',
    action: 'Add it to the map at the line shown.',
    retryable: false,
  },
  KAV_CONFIG_TYPE: {
    meaning: 'A value has the wrong type; nothing is converted silently.',
    action: 'Write the type the message asks for; remove or add quotes.',
    retryable: false,
  },
  KAV_CONFIG_VALUE: {
    meaning: 'A value has the right type but is not allowed.',
    action: 'Use one of the allowed values, or one inside the range shown.',
    retryable: false,
  },
  KAV_CONFIG_ENV_MISSING: {
    meaning: 'The file refers to an environment variable that is not set.',
    action: 'Set the variable, or give a default with ${NAME:-default}.',
    retryable: false,
  },
  KAV_CONFIG_ENV_SYNTAX: {
    meaning: 'A ${ in a text is not followed by a variable name and a closing brace.',
    action: 'Write ${NAME} or ${NAME:-default}; write $${ for a literal ${.',
    retryable: false,
  },
  KAV_CONFIG_PARAM_WARNING: {
    meaning: 'The plugin finds its params legal but likely wrong.',
    action: 'Follow the message, or leave it when it is meant so.',
    retryable: false,
  },
  // Plugins.
  KAV_PLUGIN_NAME: {
    meaning: 'The plugin is named in a way that cannot be loaded.',
    action: 'Use an npm package name, or a path to a .js, .mjs or .ts file beside the pipeline file.',
    retryable: false,
  },
  KAV_PLUGIN_NOT_FOUND: {
    meaning: 'The plugin package is not installed, or the local file does not exist.',
    action: 'Install the package or correct the name; paths start at the folder of the pipeline file.',
    retryable: false,
  },
  KAV_PLUGIN_UNCHECKED: {
    meaning: 'A text that is no file yet names a plugin that no running pipeline has imported.',
    action: 'Write the file and check it with kav validate, which imports what it names.',
    retryable: false,
  },
  KAV_PLUGIN_IMPORT: {
    meaning: 'The plugin module failed while it was imported.',
    action: 'Read the message: the fault is in the plugin or in one of its own dependencies.',
    retryable: false,
  },
  KAV_PLUGIN_EXPORT: {
    meaning: 'The module was imported but does not export a Kav plugin.',
    action: 'Export the result of definePlugin, or an array of them with one of each kind, as default.',
    retryable: false,
  },
  KAV_PLUGIN_KIND: {
    meaning: 'The package has no plugin of the kind this stage needs.',
    action: 'Use the package in one of the stages the message names.',
    retryable: false,
  },
  KAV_PLUGIN_SCHEMA: {
    meaning: 'The plugin states its params in a schema that cannot be used.',
    action: 'Report it to the author of the plugin; the schema must be valid JSON Schema 2020-12.',
    retryable: false,
  },
  KAV_PLUGIN_CHECK: {
    meaning: 'The plugin threw while it checked its params, or what it gave is no list of warnings.',
    action: 'Report it to the author of the plugin: check must not throw.',
    retryable: false,
  },
  KAV_PLUGIN_SUITE: {
    meaning: 'The contract suite of a plugin cannot be run, or what it found cannot be written.',
    action: 'Read the message: it names the folder or the contract module, and what that has to export.',
    retryable: false,
  },
  KAV_PLUGIN_CREATE: {
    meaning:
      'The plugin made no provider: it threw, or what it returned lacks something that its kind needs.',
    action: 'Read the message: it names the plugin and the stage.',
    retryable: false,
  },
  KAV_PLUGIN_TOOL: {
    meaning: 'A tool plugin has a tool that cannot be offered to the model.',
    action: 'Read the message: rename the tool, or correct its description or its parameters.',
    retryable: false,
  },
  KAV_PLUGIN_BUG: {
    meaning:
      'The plugin threw something on a call that is neither a ProviderError nor a fault of the network.',
    action: 'Report it to the author of the plugin, with the stack of the log line.',
    retryable: false,
  },
  KAV_PLUGIN_CONTRACT: {
    meaning: 'The plugin is written for a contract that this version of Kav does not have.',
    action: 'Update Kav, or install a version of the plugin for the contract that the message names.',
    retryable: false,
  },
  KAV_PLUGIN_TWO_CORES: {
    meaning: 'The plugin brings a copy of the core of its own.',
    action:
      'Have it use the one that Kav runs on: a peer dependency, installed once, and not by a link, which keeps its own; the message names both.',
    retryable: false,
  },
  // Recordings.
  KAV_UPLOAD_PACKAGE: {
    meaning: 'The package that brings recordings to a bucket is not installed.',
    action: 'Install @kav/recordings-s3 beside the server, or remove record.upload.',
    retryable: false,
  },
  // Scripted conversations.
  KAV_CONVERSATION_SCRIPT: {
    meaning: 'A scripted conversation is wrong.',
    action: 'Correct the places shown; docs/conversation-tests.md lists what a step may be.',
    retryable: false,
  },
  // Providers, by the classes of contracts/errors.ts.
  KAV_PROVIDER_AUTH: {
    meaning: 'The provider refused the credentials.',
    action: 'Check the key or the account, and that the service is enabled for it.',
    retryable: false,
  },
  KAV_PROVIDER_BAD_REQUEST: {
    meaning: 'The provider refused a value of the request.',
    action: 'Correct the value the message names in the params.',
    retryable: false,
  },
  KAV_PROVIDER_QUOTA: {
    meaning: 'The provider says that the rate or the quota is used up.',
    action: 'Wait, raise the quota, or configure a fallback provider.',
    retryable: true,
  },
  KAV_PROVIDER_SESSION_LIMIT: {
    meaning: 'The provider ended a session that reached its longest duration.',
    action: 'Nothing: the session is reopened and the audio repeated.',
    retryable: true,
  },
  KAV_PROVIDER_NETWORK: {
    meaning: 'The provider cannot be reached, or the connection broke.',
    action: 'Check network, proxy and region; the core retries and then tries the next region.',
    retryable: true,
  },
  KAV_PROVIDER_TIMEOUT: {
    meaning: 'The provider did not answer in time.',
    action: 'Check the status of the provider and the region; raise the deadline only if it is tight.',
    retryable: true,
  },
  KAV_PROVIDER_BAD_DATA: {
    meaning: 'The provider sent something that cannot be used.',
    action: 'Check the version of the service; report it to the author of the plugin.',
    retryable: false,
  },
  KAV_PROVIDER_CANCELLED: {
    meaning: 'The core ended the request itself: an interruption or a hang-up.',
    action: 'Nothing: this is not a fault.',
    retryable: false,
  },
} as const satisfies Readonly<Record<string, ErrorEntry>>

export type ErrorCode = keyof typeof ERROR_CODES
