/** `url` (path and query) as the world outside the proxy spells it. */
export function publicUrlOf(publicUrl: string, url: string, webSocket: boolean): string {
  let end = publicUrl.length
  while (publicUrl[end - 1] === '/') end--
  const base = publicUrl.slice(0, end)
  return (webSocket ? base.replace(/^http/i, 'ws') : base) + url
}
