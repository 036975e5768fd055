import type { RunnableTool } from '../../tools/runnable-tool.ts'
import type { CallLanguage } from './call-language.ts'

/** Lets the model change the language of the call; offered where the pipeline names more than one. */
export function createLanguageTool(language: CallLanguage): RunnableTool | undefined {
  if (language.tags.length < 2) return undefined
  return {
    tool: {
      name: 'switch_language',
      description:
        'Changes the language in which the caller is heard and you are spoken, for the rest of the call. ' +
        'Call it when the caller speaks or asks for another language, then go on in that language.',
      parameters: {
        type: 'object',
        properties: { language: { type: 'string', enum: [...language.tags] } },
        required: ['language'],
        additionalProperties: false,
      },
    },
    check(args) {
      return language.tags.some((tag) => tag === args['language'])
        ? { ok: true, args }
        : { ok: false, reason: `language is one of ${language.tags.join(', ')}` }
    },
    timeoutMs: 1000,
    silent: true,
    async run(args) {
      const tag = String(args['language'])
      if (!language.switchTo(tag)) return { content: `The call cannot be held in ${tag}.`, failed: true }
      return { content: `The call is held in ${tag} from now on.` }
    },
  }
}
