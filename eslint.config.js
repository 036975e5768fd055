import js from '@eslint/js'
import tseslint from 'typescript-eslint'

/** Two copies of the core may be installed. */
const OWN_ERRORS = {
  selector: "BinaryExpression[operator='instanceof'][right.name=/^(ProviderError|KavError)$/]",
  message: 'two copies of the core may be installed: isProviderError, isKavError',
}

/** Node tries for ever, with a thread and a core, where a folder is there and nothing can be made in it. */
const OWN_FOLDERS = {
  selector: "CallExpression[callee.name=/^mkdir(Sync)?$/] Property[key.name='recursive']",
  message: 'never ends below /proc, and in a folder that was removed: makeFolder of @kav/core/kit',
}

/** Destroyed before its file is open, a stream of a path throws where nobody listens once the file is not there. */
const OWN_STREAMS = {
  selector: 'CallExpression[callee.name=/^create(Read|Write)Stream$/]',
  message:
    'may end the process where its file cannot be opened: open() of node:fs/promises, and a stream of the handle',
}

/** Node.js 20 remembers each in every signal that it was made of, as long as that one lives. */
const OWN_SIGNALS = {
  selector: "MemberExpression[object.name='AbortSignal'][property.name='any']",
  message: 'is never forgotten by a signal that lives on: linkSignals, underSignals of @kav/core/kit',
}

/** Whoever answers may never end: an answer is read to a bound. */
const OWN_ANSWERS = [
  {
    selector: 'CallExpression[callee.property.name=/^(json|arrayBuffer|blob|formData)$/][arguments.length=0]',
    message: 'reads an answer without an end into memory: jsonUpTo, textUpTo, boundedAnswer of @kav/core/kit',
  },
  {
    selector: "AwaitExpression > CallExpression[callee.property.name='text'][arguments.length=0]",
    message: 'reads an answer without an end into memory: textUpTo, boundedAnswer of @kav/core/kit',
  },
]

export default tseslint.config(
  // scripts/outside is compiled in a project outside of this one.
  {
    ignores: [
      '**/dist/**',
      '**/node_modules/**',
      'recordings/**',
      '.turbo/**',
      '.cache/**',
      'scripts/outside/**',
    ],
  },
  js.configs.recommended,
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: {
        // The console is made for browsers, with types of its own.
        project: ['./tsconfig.check.json', './apps/console/tsconfig.test.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      'max-lines': ['error', { max: 400 }],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { arguments: false } }],
      '@typescript-eslint/no-non-null-assertion': 'off',
      // Most parts are plain objects from factories: there is no `this` to lose. Classes, where a part is visited for
      // every frame, are called as methods.
      '@typescript-eslint/unbound-method': 'off',
      // Unknown values are shown to people on purpose.
      '@typescript-eslint/no-base-to-string': 'off',
      // Text from outside is cleaned of control characters.
      'no-control-regex': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // A handler or a fake must often be async to fit a contract.
      '@typescript-eslint/require-await': 'off',
      // `void x` says "not awaited on purpose" in expressions too.
      'no-void': 'off',
    },
  },
  {
    files: ['**/*.test.ts', '**/*.test.tsx', '**/test/**/*.ts', '**/testing/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-explicit-any': 'off',
    },
  },
  {
    files: ['packages/core/src/**/*.ts', 'packages/plugin-*/src/**/*.ts', 'packages/phone/src/**/*.ts'],
    rules: {
      'no-console': 'error',
      'no-restricted-properties': [
        'error',
        {
          object: 'process',
          property: 'env',
          message: 'only apps/server/src/environment.ts reads the environment',
        },
      ],
    },
  },
  {
    files: ['packages/*/src/**/*.ts', 'apps/*/src/**/*.ts'],
    rules: {
      'no-restricted-syntax': ['error', OWN_ERRORS, OWN_FOLDERS, OWN_STREAMS, OWN_SIGNALS, ...OWN_ANSWERS],
    },
  },
  {
    // In a browser, or in a program of its own: it asks Kav alone, and no call runs beside it.
    files: ['packages/client/src/**/*.ts', 'apps/console/src/**/*.ts'],
    rules: {
      'no-restricted-syntax': ['error', OWN_ERRORS, OWN_FOLDERS, OWN_STREAMS],
    },
  },
  {
    // Made for every call.
    files: [
      'packages/core/src/{audio,kit,pipeline,providers}/**/*.ts',
      'packages/plugin-twilio/src/**/*.ts',
      'apps/server/src/{calls,recording}/**/*.ts',
    ],
    ignores: ['packages/core/src/kit/{realtime,wire}/**'],
    rules: {
      'no-restricted-syntax': [
        'error',
        OWN_ERRORS,
        OWN_FOLDERS,
        OWN_STREAMS,
        OWN_SIGNALS,
        ...OWN_ANSWERS,
        {
          selector: "ObjectExpression > Property[kind='get']",
          message:
            'V8 keeps every object but the first as a dictionary, 1 KB more and slow: a method, a plain property, or a class',
        },
      ],
    },
  },
  {
    // A longer one is a machine that wants parts with names.
    files: ['packages/*/src/**/*.ts', 'apps/*/src/**/*.ts', 'apps/*/src/**/*.tsx'],
    rules: { 'max-lines-per-function': ['error', { max: 80, skipBlankLines: true, skipComments: true }] },
  },
  // Generated: as long as the API is.
  { files: ['packages/client/src/api-types.ts'], rules: { 'max-lines': 'off' } },
  {
    files: ['**/*.js', '**/*.mjs'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        Buffer: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        setInterval: 'readonly',
        clearInterval: 'readonly',
        setImmediate: 'readonly',
        performance: 'readonly',
        fetch: 'readonly',
        AbortController: 'readonly',
        AbortSignal: 'readonly',
        TextEncoder: 'readonly',
        TextDecoder: 'readonly',
        SharedArrayBuffer: 'readonly',
        Atomics: 'readonly',
        WebAssembly: 'readonly',
        structuredClone: 'readonly',
      },
    },
    rules: { 'no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }] },
  },
  {
    // Parts of it run in the page.
    files: ['bench/console.mjs'],
    languageOptions: { globals: { document: 'readonly', requestAnimationFrame: 'readonly' } },
  },
)
