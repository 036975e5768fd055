import { fieldsOf } from './foreign-fields.ts'

/** More of one result is not read; the core tells the model the first 16 KB. */
const MAX_CHARS = 65_536
const MAX_ERROR_CHARS = 500
const MAX_BLOCKS = 200

/**
 * What the model is told of a result, or an `Error` with the server's words where the tool failed. Either may repeat
 * what the operator gave the server alone: `clean` hides it.
 */
export function readResult(sent: unknown, clean: (text: string) => string): string {
  const result = fieldsOf(sent)
  const blocks = Array.isArray(result.content) ? (result.content as unknown[]).slice(0, MAX_BLOCKS) : []
  const told = blocks.map(textOfBlock).filter((text) => text !== '')
  const text = told.length > 0 ? told.join('\n') : structured(result.structuredContent)
  if (result.isError === true)
    throw new Error(clean(text.slice(0, MAX_ERROR_CHARS)) || 'the tool gave no reason')
  return clean(text.slice(0, MAX_CHARS))
}

function structured(value: unknown): string {
  return value === undefined ? '' : JSON.stringify(value)
}

function textOfBlock(sent: unknown): string {
  const block = fieldsOf(sent)
  switch (block.type) {
    case 'text':
      return typeof block.text === 'string' ? block.text : ''
    case 'resource': {
      const { text } = fieldsOf(block.resource)
      return typeof text === 'string' ? text : '[a file that is not text]'
    }
    case 'resource_link':
      return `[a link: ${String(block.name ?? '').slice(0, 200)}]`
    case 'image':
    case 'audio':
      return `[${block.type === 'image' ? 'an image' : 'a sound'} that is not text]`
    default:
      return ''
  }
}
