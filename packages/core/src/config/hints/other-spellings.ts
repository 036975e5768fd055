const SPELLED = /^(\\?[$＄%{(<]{0,4}) ?((?:process\.)?env[.:])? ?([A-Z][A-Z0-9_]{2,63})[ })>%]{0,5}$/

/**
 * The variable that a text names as a shell, another template or a placeholder would: `$NAME`, `%NAME%`, `{{NAME}}`,
 * `env.NAME`, `<NAME>`. `alone`: the bare name is meant for one, too.
 */
export function namedVariable(text: string, alone: boolean): string | undefined {
  const [, signs = '', env, name = ''] = SPELLED.exec(text.replace(/^bearer /i, '').trim()) ?? []
  if (name === '') return undefined
  const marked = signs !== '' || env !== undefined
  return marked || (alone && name.includes('_')) ? name : undefined
}

/** What no key or token is, whatever comes around it; `undefined` when it may be one. */
export function oddInToken(token: string): string | undefined {
  const [, scheme] = /^(bearer|token|basic) +\S/i.exec(token) ?? []
  if (scheme !== undefined) return `begins with "${scheme}", which is not part of it; leave that out`
  if (/\S\s+\S/.test(token)) return 'has white space inside, which no token has; write it anew'
  if (/^[A-Z][A-Z0-9_]{2,63}=./.test(token)) return 'begins with a name and "="; leave them out'
  if (/[;,]$/.test(token)) return `ends in "${token.slice(-1)}"; remove it`
  if (/[^\x21-\x7e]/.test(token)) return 'has a character that no token has (not of ASCII); write it anew'
  if (/^(file:\/\/|\/run\/secrets\/|~\/)/.test(token))
    return 'is the path of a file, which is not read; write what stands in it'
  return undefined
}
