import { describe, expect, it } from 'vitest'
import { originOf } from '../../src/process/fault-origin.ts'

const PLACES = [
  { name: './my plugin.mjs', path: '/desk/my plugin.mjs', own: false, dependencies: [] },
  { name: '@kav/plugin-a', path: '/app/packages/plugin-a/', own: false, dependencies: ['wires', 'shared'] },
  { name: '@kav/plugin-b', path: '/app/node_modules/@kav/plugin-b/', own: false, dependencies: ['shared'] },
  { name: '@kav/core', path: '/app/packages/core/', own: true, dependencies: ['ajv'] },
]
const stack = (...files: string[]): string =>
  ['Error: x', ...files.map((file) => `    at f (${file}:1:2)`)].join('\n')

describe('whose fault an error is', () => {
  it.each([
    [
      'a plugin’s own code',
      stack('/app/packages/plugin-a/dist/x.js', '/app/packages/core/dist/y.js'),
      { plugin: '@kav/plugin-a' },
    ],
    [
      'a plugin among packages',
      stack('file:///app/node_modules/@kav/plugin-b/dist/x.js'),
      { plugin: '@kav/plugin-b' },
    ],
    ['a file with a space in its name', stack('file:///desk/my%20plugin.mjs'), { plugin: './my plugin.mjs' }],
    [
      'a package that a plugin called',
      stack('/app/node_modules/wires/index.js', '/app/packages/plugin-a/dist/x.js'),
      { plugin: '@kav/plugin-a', package: 'wires' },
    ],
    [
      'a package that one plugin brings',
      stack('/app/node_modules/wires/index.js'),
      { plugin: '@kav/plugin-a', package: 'wires' },
    ],
    [
      'a package of a package that one plugin brings',
      stack('/app/node_modules/wires-protocol/parser.js', '/app/node_modules/wires/index.js'),
      { plugin: '@kav/plugin-a', package: 'wires-protocol' },
    ],
    ['a package that two plugins bring', stack('/app/node_modules/shared/index.js'), { package: 'shared' }],
    [
      'Kav’s own, though a plugin called it',
      stack('/app/packages/core/dist/y.js', '/app/packages/plugin-a/dist/x.js'),
      {},
    ],
    ['nobody’s', stack('node:internal/timers'), {}],
    ['without a stack', '', {}],
  ])('is told of %s', (_what, text, origin) => {
    expect(originOf(text, PLACES)).toEqual(origin)
  })
})
