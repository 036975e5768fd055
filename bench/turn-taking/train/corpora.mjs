// What callers, customers and speakers said, from corpora that are free to learn from. None of it is kept here: each
// repository is read from a clone, at the commit that is named.

import { execFileSync } from 'node:child_process'
import { join } from 'node:path'

const MAX_BYTES = 2 ** 30

/** Sentences that people wrote and translated for each other, of all kinds. */
const TATOEBA = {
  licence: 'CC BY 2.0 FR',
  repository: 'facebookresearch/LASER',
  commit: '74bc6ae7ffb7cba670fe0f428d0ede9f666fb821',
}
const TATOEBA_FOLDER = 'data/tatoeba/v1'

/** English. `read(files)` gives `[{ text, split: 'train' | 'valid' }]`. */
export const CORPORA = [
  {
    name: 'banking77',
    licence: 'CC BY 4.0',
    repository: 'PolyAI-LDN/task-specific-datasets',
    commit: '57ec275d8078af65b7731c2a98be812d844a6d6b',
    read: (files) =>
      SPLITS('train', 'test').flatMap(([file, split]) =>
        files
          .lines(`banking_data/${file}.csv`)
          .map((line) => /^(?:"((?:[^"]|"")*)"|([^,]*)),\w+\s*$/u.exec(line))
          .filter((found) => found !== null)
          .map(([, quoted, plain]) => ({ text: (quoted ?? plain).replaceAll('""', '"'), split })),
      ),
  },
  {
    name: 'restaurant8k',
    licence: 'CC BY 4.0',
    repository: 'PolyAI-LDN/task-specific-datasets',
    commit: '57ec275d8078af65b7731c2a98be812d844a6d6b',
    read: (files) =>
      SPLITS('train_0', 'test').flatMap(([file, split]) =>
        files
          .json(`span_extraction/restaurant8k/${file}.json`)
          .map(({ userInput }) => ({ text: userInput.text, split })),
      ),
  },
  {
    name: 'clinc150',
    licence: 'CC BY 3.0',
    repository: 'clinc/oos-eval',
    commit: '828f8093932c8fe6ca7936c3d2e52903b1c523de',
    read(files) {
      const sets = files.json('data/data_full.json')
      return SPLITS('train', 'val').flatMap(([name, split]) =>
        [...sets[name], ...sets[`oos_${name}`]].map(([text]) => ({ text, split })),
      )
    },
  },
  {
    name: 'SLURP, its text',
    licence: 'CC BY 4.0',
    repository: 'pswietojanski/slurp',
    commit: '8eb16545762be97ace75334109d73824217311f1',
    read: (files) =>
      SPLITS('test', 'devel').flatMap(([file, split]) =>
        files
          .lines(`dataset/slurp/${file}.jsonl`)
          .map((line) => ({ text: JSON.parse(line).sentence, split })),
      ),
  },
  {
    name: 'Taskmaster-4',
    licence: 'CC BY 4.0',
    repository: 'google-research-datasets/Taskmaster',
    commit: 'd92cb6af3005f1dc09c39e75e7daf4a04905e00b',
    read: (files) =>
      [0, 1, 2, 3, 4, 5, 6, 7].flatMap((part) =>
        files
          .json(`TM-4-2024/data/data_0${part}.json`)
          .flatMap(({ utterances }) => utterances.filter(({ speaker }) => /user|customer/iu.test(speaker)))
          .map(({ text }) => ({ text, split: part === 7 ? 'valid' : 'train' })),
      ),
  },
  {
    name: 'Taskmaster-3',
    licence: 'CC BY 4.0',
    repository: 'google-research-datasets/Taskmaster',
    commit: 'd92cb6af3005f1dc09c39e75e7daf4a04905e00b',
    read: (files) =>
      files.lines('TM-3-2020/splits/train/train-bc.tsv').flatMap((line) => {
        const [said] = line.split('\t')
        return [...said.matchAll(/<U>([^<]*)/gu)].map(([, text]) => ({ text, split: 'train' }))
      }),
  },
  {
    name: 'MultiDoGO',
    licence: 'CDLA-Permissive-1.0',
    repository: 'awslabs/multi-domain-goal-oriented-dialogues-dataset',
    commit: 'baa30639c4b271f394b81443c842193407cdf26d',
    /** It is much larger than the others, and typed. */
    everyNth: 3,
    read: (files) =>
      ['airline', 'fastfood', 'finance', 'insurance', 'media', 'software'].flatMap((domain) =>
        SPLITS('train', 'dev').flatMap(([file, split]) =>
          files
            .lines(`data/paper_splits/splits_annotated_at_turn_level/${domain}/${file}.tsv`)
            .slice(1)
            .map((line) => ({ text: line.split('\t')[3] ?? '', split })),
        ),
      ),
  },
  {
    ...TATOEBA,
    name: 'Tatoeba, in English',
    /** More of it than of people who call. */
    everyNth: 2,
    read: (files) =>
      everyTenthForValidation(
        new Set(
          files
            .list(`${TATOEBA_FOLDER}/`)
            .filter((path) => path.endsWith('-eng.eng'))
            .flatMap((path) => files.lines(path)),
        ),
      ),
  },
]

export const HEBREW_CORPORA = [
  {
    ...TATOEBA,
    name: 'Tatoeba, in Hebrew',
    read: (files) => everyTenthForValidation(files.lines(`${TATOEBA_FOLDER}/tatoeba.heb-eng.heb`)),
  },
]

/** Meetings: spontaneous speech with the times of words, and what each utterance does. */
export const AMI = {
  name: 'AMI Meeting Corpus, manual annotations 1.7',
  licence: 'CC BY 4.0',
  repository: 'Hasetomo2142/ami-corpus-preprocessing',
  commit: '6d845bc07b21c8862afbf38f1b1f9ab3bf40c437',
  folder: 'ami_public_manual_1.6.2',
}

const SPLITS = (train, valid) => [
  [train, 'train'],
  [valid, 'valid'],
]

function everyTenthForValidation(texts) {
  return [...texts].map((text, at) => ({ text, split: at % 10 === 0 ? 'valid' : 'train' }))
}

/** Files of one repository, cloned to `folder`/owner+name. */
export function openRepository(folder, { repository, commit }) {
  const clone = join(folder, repository.replace('/', '+'))
  const git = (args, options) =>
    execFileSync('git', ['-C', clone, ...args], { maxBuffer: MAX_BYTES, ...options })
  const text = (path) => git(['show', `${commit}:${path}`]).toString()
  return {
    text,
    json: (path) => JSON.parse(text(path)),
    lines: (path) =>
      text(path)
        .split('\n')
        .map((line) => line.trimEnd())
        .filter((line) => line !== ''),
    list: (path) =>
      git(['ls-tree', '-r', '--name-only', commit, path]).toString().split('\n').filter(Boolean),
    /** Texts of many files in one go, latin-1. */
    many: (paths) =>
      readBatch(git(['cat-file', '--batch'], { input: paths.map((path) => `${commit}:${path}`).join('\n') })),
  }
}

function readBatch(bytes) {
  const texts = []
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf(10, at)
    const size = Number(bytes.toString('latin1', at, end).split(' ')[2])
    texts.push(bytes.toString('latin1', end + 1, end + 1 + size))
    at = end + size + 2
  }
  return texts
}

/** Of one corpus the same words count so often at most: short answers are frequent, and scripts repeat themselves. */
const MOST_TIMES = 100

/** `[{ text, split }]` of a corpus. */
export function readCorpus(folder, corpus) {
  const seen = new Map()
  return corpus
    .read(openRepository(folder, corpus))
    .filter(({ text }) => {
      const times = (seen.get(text.toLowerCase()) ?? 0) + 1
      seen.set(text.toLowerCase(), times)
      return times <= MOST_TIMES
    })
    .filter((_, at) => at % (corpus.everyNth ?? 1) === 0)
}
