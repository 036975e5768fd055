/**
 * Whether what is sent to this URL crosses a network readable: `http:` or `ws:` to another machine. `false` for a text
 * that is no URL.
 */
export function isPlainElsewhere(url: string): boolean {
  if (!/^(http|ws):\/\//i.test(url)) return false
  const host = /^\w+:\/\/(?:[^@/?#]*@)?(\[[^\]]*\]|[^:/?#]*)/.exec(url)?.[1]?.toLowerCase() ?? ''
  return !/^(localhost|.*\.localhost|host\.docker\.internal|127\.\d+\.\d+\.\d+|\[::1\]|\[::ffff:127\..*\])$/.test(
    host,
  )
}
