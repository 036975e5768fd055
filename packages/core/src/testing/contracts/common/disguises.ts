/** A text as it stands in an address, in a form, in JSON: nothing hidden, and not the same characters. */
function written(text: string): readonly string[] {
  const inForm = new URLSearchParams({ '': text }).toString().slice(1)
  return [text, encodeURIComponent(text), inForm, JSON.stringify(text).slice(1, -1)]
}

/** What a text that was said may look like where it should not be, in small letters. */
export const shapesOfWords = (text: string): readonly string[] =>
  unique(written(text).map((shape) => shape.toLowerCase()))

/** What a secret may look like, in small letters; in base64 it is looked for apart. */
export function shapesOfSecret(secret: string): readonly string[] {
  const backwards = [...secret].reverse().join('')
  const hexadecimal = Buffer.from(secret).toString('hex')
  return unique([...written(secret), backwards, hexadecimal].map((shape) => shape.toLowerCase()))
}

const unique = (shapes: readonly string[]): readonly string[] => [...new Set(shapes)]
