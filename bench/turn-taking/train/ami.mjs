// The AMI corpus: each dialogue act of each speaker as words with times.

import { AMI, openRepository } from './corpora.mjs'

/** Acts that say something; the others are backchannels, stalls, fragments and the like. */
const SAYING = new Set([4, 5, 6, 7, 8, 9, 11, 13])
const BACKCHANNEL = 1
const ASSESSMENT = 9
const WORD = /<w nite:id="([^"]+)" starttime="([\d.]+)" endtime="([\d.]+)"([^>]*)>([^<]*)<\/w>/gu
const ENTITIES = { '&#39;': "'", '&amp;': '&', '&quot;': '"' }

/** `[{ meeting, speaker, act, words: [{ text, startMs, endMs }] }]`: in time, speaker by speaker. */
export function readAmi(folder) {
  const repository = openRepository(folder, AMI)
  const paths = repository
    .list(`${AMI.folder}/dialogueActs/`)
    .filter((path) => path.endsWith('.dialog-act.xml'))
  const acts = repository.many(paths)
  const words = repository.many(
    paths.map((path) => path.replace('dialogueActs', 'words').replace('dialog-act', 'words')),
  )
  return paths.flatMap((path, at) => {
    const [meeting, speaker] = path.split('/').at(-1).split('.')
    return actsOf(acts[at], wordsOf(words[at])).map((act) => ({ meeting, speaker, ...act }))
  })
}

export const isSaying = ({ act, words }) => SAYING.has(act) && words.length >= 2 && words.length <= 30
export const isBackchannel = ({ act }) => act === BACKCHANNEL
export const isAssessment = ({ act }) => act === ASSESSMENT

function wordsOf(xml) {
  const words = [...xml.matchAll(WORD)].map(([, id, start, end, traits, text]) => ({
    id,
    startMs: Number(start) * 1000,
    endMs: Number(end) * 1000,
    isWord: !/punc="true"|trunc="true"/u.test(traits) && /[a-z0-9]/iu.test(text),
    text: text.replace(/&#?\w+;/gu, (entity) => ENTITIES[entity] ?? ' ').replaceAll('_', ''),
  }))
  return { words, places: new Map(words.map(({ id }, place) => [id, place])) }
}

function actsOf(xml, { words, places }) {
  return [...xml.matchAll(/<dact[^>]*>([\s\S]*?)<\/dact>/gu)].flatMap(([, inner]) => {
    const act = Number(/#id\(ami_da_(\d+)\)/u.exec(inner)?.[1])
    const range = /words\.xml#id\(([^)]+)\)(?:\.\.id\(([^)]+)\))?/u.exec(inner)
    const from = places.get(range?.[1])
    const to = places.get(range?.[2] ?? range?.[1])
    if (from === undefined || to === undefined) return []
    return [{ act, words: words.slice(from, to + 1).filter(({ isWord }) => isWord) }]
  })
}
