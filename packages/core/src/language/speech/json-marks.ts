/** `{"text": "Hello."}`: the names of its fields are no words, what stands in them may be some. */
export function stripJsonKeys(text: string): string {
  if (!text.includes('":') && !text.includes('" :')) return text
  return text.replace(/(^|[{,[])(\s?)"[\p{L}_][\p{L}\p{N}_-]{0,40}" ?: ?(?=["\d[{tfn-])/gu, '$1$2')
}
