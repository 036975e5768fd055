import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { didYouMean } from '@kav/core/kit'

/** One heading of a page with what stands below it, up to the next heading. */
interface Section {
  readonly page: string
  readonly title: string
  readonly text: string
}

/** The documents that come with this package. */
export interface DocsShelf {
  /** One line for each page. */
  readonly index: string
  /** A whole page, or one section of it. Throws what there is instead. */
  read(page: string, section?: string): string
  /** The sections that have the words, best first. */
  search(words: string): readonly Section[]
}

/** Copied there by the build; from src and from dist alike. */
const FOLDER = fileURLToPath(new URL('../../dist/docs/', import.meta.url))
const MAX_FOUND = 8

export async function openDocsShelf(): Promise<DocsShelf> {
  const names = (await readdir(FOLDER)).filter((name) => name.endsWith('.md')).sort()
  const pages = new Map<string, string>()
  for (const name of names) pages.set(name, await readFile(join(FOLDER, name), 'utf8'))
  const sections = [...pages].flatMap(([page, text]) => sectionsOf(page, text))
  return {
    index: await readFile(join(FOLDER, 'llms.txt'), 'utf8'),
    read(page, section) {
      const name = page.endsWith('.md') ? page : `${page}.md`
      const text = pages.get(name)
      if (text === undefined) throw new Error(`there is no page "${page}"; there are ${names.join(', ')}`)
      if (section === undefined) return text
      const own = sections.filter((each) => each.page === name)
      const found = own.find(({ title }) => title.toLowerCase() === section.toLowerCase())
      if (found) return found.text
      const titles = own.map(({ title }) => title)
      const meant = didYouMean(section, titles)
      throw new Error(
        `${name} has no section "${section}"; ${meant ? `did you mean "${meant}"?` : titles.join(', ')}`,
      )
    },
    search(words) {
      const wanted = wordsOf(words)
      return sections
        .map((section) => ({ section, points: pointsOf(section, wanted) }))
        .filter(({ points }) => points > 0)
        .sort((one, other) => other.points - one.points)
        .slice(0, MAX_FOUND)
        .map(({ section }) => section)
    },
  }
}

/** Headings inside of code blocks are comments of shells. */
function sectionsOf(page: string, text: string): readonly Section[] {
  const sections: { title: string; lines: string[] }[] = []
  let isCode = false
  for (const line of text.split('\n')) {
    if (line.startsWith('```')) isCode = !isCode
    const title = isCode ? undefined : /^#{1,4} (.+)$/.exec(line)?.[1]
    if (title !== undefined) sections.push({ title, lines: [line] })
    else sections.at(-1)?.lines.push(line)
  }
  return sections.map(({ title, lines }) => ({ page, title, text: lines.join('\n').trim() }))
}

function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? []
}

/** A word in the heading says more than ten in the text; a section that lacks a word stands behind those that have all. */
function pointsOf({ title, text }: Section, wanted: readonly string[]): number {
  const [inTitle, inText] = [wordsOf(title), wordsOf(text)]
  let points = 0
  for (const word of new Set(wanted)) {
    const times = Math.min(5, inText.filter((each) => each === word).length)
    points += times + (times > 0 ? 10 : 0) + (inTitle.includes(word) ? 10 : 0)
  }
  return points
}
