import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseUrlTemplate } from '../../src/tools/url-template.ts'

function fill(source: string, args: Record<string, unknown>, call: Record<string, string> = {}): string {
  const parsed = parseUrlTemplate(source)
  if (!parsed.ok) throw new Error(parsed.reason)
  return parsed.template.fill({ args, call }).href
}

const reasonOf = (source: string) => {
  const parsed = parseUrlTemplate(source)
  return parsed.ok ? undefined : parsed.reason
}

describe('a URL template', () => {
  it.each([
    ['https://a.example/orders/{id}', { id: '4711' }, 'https://a.example/orders/4711'],
    ['https://a.example/orders/{id}', { id: 4711 }, 'https://a.example/orders/4711'],
    ['https://a.example/o/{id}', { id: 'a/b?c=d#e&f' }, 'https://a.example/o/a%2Fb%3Fc%3Dd%23e%26f'],
    ['https://a.example/o/{id}', { id: '\\x..y/…' }, 'https://a.example/o/%5Cx..y%2F%E2%80%A6'],
    [
      'https://a.example/find?q={q}&max=5',
      { q: 'שלום & 1+1=2' },
      'https://a.example/find?q=%D7%A9%D7%9C%D7%95%D7%9D%20%26%201%2B1%3D2&max=5',
    ],
    ['https://a.example/find?q={q}&max={max}', { q: 'a' }, 'https://a.example/find?q=a'],
    ['https://a.example/find?q={q}', {}, 'https://a.example/find'],
    ['https://a.example/find?q=x-{q}', {}, 'https://a.example/find?q=x-'],
    ['https://a.example/{a}-{b}.json', { a: 1, b: true }, 'https://a.example/1-true.json'],
    ['http://a.example:8080/x', {}, 'http://a.example:8080/x'],
    ['https://a.example/half/{x}', { x: '\ud800' }, 'https://a.example/half/%EF%BF%BD'],
  ])('%s with %j is %s', (source, args, url) => {
    expect(fill(source, args)).toBe(url)
  })

  it('takes values of the call', () => {
    expect(fill('https://a.example/by/{{ from }}?lang={{lang}}', {}, { from: '+15551234567' })).toBe(
      'https://a.example/by/%2B15551234567',
    )
  })

  it('refuses a whole segment that climbs, also one that is put together', () => {
    for (const id of ['.', '..']) {
      expect(() => fill('https://a.example/x/{id}', { id })).toThrow('id is not a usable value')
    }
    expect(() => fill('https://a.example/x/{a}{b}/y', { a: '.', b: '.' })).toThrow('not a usable value')
    expect(() => fill('https://a.example/x/%2e{a}', { a: '.' })).toThrow('not a usable value')
  })

  it.each([
    '../admin',
    'a/../../admin',
    'a\\..\\admin',
    'a/..',
    './a',
    '..%2fadmin',
    '%2e%2e/admin',
    '%252e%252e%255cadmin',
    '..;/admin',
    'a/.. ',
  ])('refuses a value in which a proxy that decodes it would find a way out of the folder: %s', (id) => {
    expect(() => fill('https://a.example/x/{id}', { id })).toThrow('id is not a usable value')
    expect(fill('https://a.example/x?id={id}', { id })).toContain('/x?id=')
  })

  it('takes percent signs of a value for what they are', () => {
    expect(fill('https://a.example/x/{id}', { id: '%2e%2e' })).toBe('https://a.example/x/%252e%252e')
  })

  it('refuses an empty value in the path, where it would ask for something else', () => {
    expect(() => fill('https://a.example/orders/{id}', { id: '' })).toThrow('id must not be empty')
    expect(() => fill('https://a.example/orders/{id}', {})).toThrow('id must not be empty')
    expect(() => fill('https://a.example/{{from}}', {})).toThrow('this call has no value "from"')
  })

  it.each([
    ['ftp://a.example/x', /must start with/],
    ['a.example/x', /must start with/],
    ['https://{host}/x', /host cannot come from the model/],
    ['https://a.{{zone}}.example/x', /host cannot come from the model/],
    ['https://a.example{x}', /host cannot come from the model/],
    ['https://user:pw@a.example/x', /no user name and password/],
    ['https://a.example/x#part', /"#" is never sent/],
    ['https://a.example/a b', /space or a backslash/],
    ['https:///x', /not a valid URL/],
    ['https://a.example/{order id}', /space|braces/],
    ['https://a.example/{}', /braces hold a name/],
    ['https://a.example/x?q={q', /braces hold a name/],
  ])('%s is refused', (source, reason) => {
    expect(reasonOf(source)).toMatch(reason)
  })

  it('never leaves its host and its folder, whatever the arguments', () => {
    const parsed = parseUrlTemplate('https://a.example/api/{a}/{b}?q={q}')
    if (!parsed.ok) throw new Error(parsed.reason)
    const { template } = parsed
    const nasty = fc.oneof(
      fc.string(),
      fc.string({ unit: fc.constantFrom('.', '/', '\\', '%', '2', 'e', '@', ':', '?', '#', '\n') }),
    )
    fc.assert(
      fc.property(nasty, nasty, nasty, (a, b, q) => {
        let url: URL
        try {
          url = template.fill({ args: { a, b, q }, call: {} })
        } catch (error) {
          expect((error as Error).name).toBe('ToolFailure')
          return
        }
        expect(url.host).toBe('a.example')
        expect(url.hash).toBe('')
        expect(url.pathname.split('/')).toHaveLength(4)
        expect(url.pathname).toMatch(/^\/api\//)
        expect([...url.searchParams.keys()]).toEqual(['q'])
      }),
      { numRuns: 500 },
    )
  })
})
