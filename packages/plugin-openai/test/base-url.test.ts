import { describe, expect, it } from 'vitest'
import { keyWarnings } from '../src/key-warnings.ts'

const told = (base_url: string) =>
  keyWarnings({ base_url, api_key: 'k', headers: {}, query: {} }).map(({ message, severity }) => ({
    message,
    severity,
  }))

describe('base_url', () => {
  it.each([
    ['https://api.openai.com/v1/chat/completions', '/chat/completions', 'https://api.openai.com/v1'],
    ['https://h.example/v1/responses/', '/responses', 'https://h.example/v1'],
    ['https://h.example/v1/audio/speech', '/audio/speech', 'https://h.example/v1'],
    ['https://h.example/realtime', '/realtime', 'https://h.example'],
  ])('that ends in a path of the plugin’s own is refused: %s', (url, own, right) => {
    const message = `ends in ${own}, which Kav adds by itself; write "${right}"`
    expect(told(url)).toEqual([{ message, severity: 'error' }])
    expect(told(right)).toEqual([])
  })

  it.each([
    ['https://h.example/v1?api-version=1', 'ends in a query, which is written in "query"'],
    ['https://h.example/v1#top', 'ends in "#…", which is sent nowhere'],
  ])('that ends in more than a path is refused: %s', (url, why) => {
    expect(told(url)).toEqual([{ message: `${why}; write "https://h.example/v1"`, severity: 'error' }])
  })

  it.each(['https://h.example/v1/', 'http://127.0.0.1:11434/v1', 'https://h.example/openai/deployments/a'])(
    'is taken: %s',
    (url) => expect(told(url)).toEqual([]),
  )
})
