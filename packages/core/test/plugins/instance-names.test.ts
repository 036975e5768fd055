import { describe, expect, it } from 'vitest'
import type { PluginKind } from '../../src/contracts/index.ts'
import type { LoadedStage, LoadedStages } from '../../src/plugins/index.ts'
import { nameInstances } from '../../src/plugins/instance-names.ts'

const stage = <Kind extends PluginKind>(kind: Kind, name: string) =>
  ({ kind, package: name, plugin: { name }, params: {} }) as unknown as LoadedStage<Kind>

describe('names of instances', () => {
  it('tell any two of a kind apart, whatever a file says twice', () => {
    const stages = {
      stt: [stage('stt', 'azure'), stage('stt', 'google'), stage('stt', 'azure')],
      llm: [stage('llm', 'openai'), stage('llm', 'openai'), stage('llm', 'openai')],
      tts: [stage('tts', 'azure')],
      languages: new Map([
        ['he-IL', { stt: stage('stt', 'azure'), tts: stage('tts', 'azure') }],
        ['ar-IL', { tts: stage('tts', 'azure') }],
        ['ru-RU', { tts: stage('tts', 'google') }],
      ]),
    } as unknown as LoadedStages
    expect([...nameInstances(stages)].map(([{ kind }, name]) => `${kind} ${name}`)).toEqual([
      'stt azure',
      'stt google',
      'stt azure#2',
      'llm openai',
      'llm openai#2',
      'llm openai#3',
      'tts azure',
      'stt azure:he-IL',
      'tts azure:he-IL',
      'tts azure:ar-IL',
      'tts google',
    ])
  })
})
