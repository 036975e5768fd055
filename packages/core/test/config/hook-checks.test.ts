import { describe, expect, it } from 'vitest'
import { hookWarnings } from '../../src/config/checks/hook-checks.ts'

const warned = (url: string): readonly string[] =>
  hookWarnings({ hooks: { after_call: { url } } }).map(({ path, message }) => `${path.join('.')} ${message}`)

describe('the address of a hook', () => {
  it.each([
    'http://crm.example.com/calls',
    'http://8.8.8.8/',
    'http://172.32.0.1/',
    'http://192.169.0.1/',
    'http://[2001:db8::1]/',
    'http://10.example.com/',
    'http://127.0.0.1.example.com/',
    'http://192.168.example.com/',
    'http://172.16.example.com/',
  ])('is doubted where others can read what is sent: %s', (url) => {
    expect(warned(url)).toEqual(['hooks.after_call.url what is sent here can be read on the way; use https'])
  })

  it.each([
    'https://crm.example.com/calls',
    'http://localhost:8080/',
    'http://crm:8080/',
    'http://crm.internal/',
    'http://127.0.0.1/',
    'http://10.1.2.3/',
    'http://192.168.1.2/',
    'http://172.31.255.1/',
    'http://[::1]:9000/',
    'http://[fd12:3456::1]/',
    'http://[fe80::1]/',
    'no address',
  ])('is right: %s', (url) => {
    expect(warned(url)).toEqual([])
  })
})
