import { parseJson } from '../../kit/json-as-written.ts'
import { type BareCalls, createBareCalls } from './bare-calls.ts'
import { createWrittenForms } from './forms/written-forms.ts'
import { judgeMark, MARK_START } from './judge-mark.ts'
import { ENDS_CHANNEL, endsCall, isMark, type Mark, OWN_TURN } from './mark-ends.ts'
import { isOwnRole } from './mark-names.ts'
import { bracketEnd, fenceEnd, readPythonicCalls } from './calls/pythonic-calls.ts'
import { looksLikeCall } from './looks-like-call.ts'
import { TextOutput, type TextPiece, type WithheldText } from './text-output.ts'
import { callsInJson, jsonEnd, readWrittenCalls } from './calls/written-calls.ts'

/**
 * Tells words from what else models write into their text: thoughts, tokens of the chat template, tool calls in any
 * notation, channels (harmony), turns of others that they make up. Words come out as soon as they are sure to be
 * words, which is at once where no mark begins and within `MAX_MARK_CHARS` where one might; none is lost. However the
 * text is cut into pieces, the same words come out. The one exception: a thought whose opening tag is missing can
 * only be known by its end, so what stands before it is kept back where `hold` says so, and otherwise given on.
 */
export interface ModelText {
  push(text: string): readonly TextPiece[]
  /** No longer held back, if it was: what comes is taken for words. */
  release(): readonly TextPiece[]
  /** What was kept back. Nothing comes after it. */
  end(): readonly TextPiece[]
  /** The answer was cut in the middle of a thought: what was held back is none of its words. Nothing comes after it. */
  endInThought(): void
  readonly holds: boolean
  readonly withheld: WithheldText
}

export interface ModelTextOptions {
  /** Whether there is a tool of that name, as a model may write it. */
  readonly isDeclared: (name: string) => boolean
  /** Of the tools, as they are declared: one of them may be called with no mark around it. */
  readonly names?: readonly string[]
  /** The answer may begin inside a thought: nothing comes out before the thought has ended, or the answer. */
  readonly hold: boolean
}

export function createModelText(options: ModelTextOptions): ModelText {
  return new MarkReader(options)
}

/** A tool call longer than this is none: what it is stays unsaid. */
const MAX_CALL_CHARS = 65_536
/** Behind this many characters an object that is no call is words. */
const MAX_OBJECT_CHARS = 8_192
const MAX_HEADER_CHARS = 256

/** Where in the text the reader is. `foreign`: in a turn that the model made up for somebody else. */
type Place =
  | { readonly in: 'words' | 'foreign' }
  | { readonly in: 'thought'; depth: number; readonly channel: boolean }
  | { readonly in: 'call'; readonly opener: string; readonly tool?: string }
  | { readonly in: 'header' }
  | { readonly in: 'json' | 'python'; readonly from: number }

class MarkReader implements ModelText {
  readonly #isDeclared: (name: string) => boolean
  readonly #out: TextOutput
  readonly #written = createWrittenForms()
  readonly #bare: BareCalls
  /** The character in front of what is held. */
  #before = ''
  #place: Place = { in: 'words' }
  /** Not judged yet. */
  #held = ''
  /** Of the call, header or thought that is being read; of a thought, what follows its last closing tag. */
  #content = ''

  constructor({ isDeclared, hold, names = [] }: ModelTextOptions) {
    this.#bare = createBareCalls(names)
    this.#isDeclared = isDeclared
    this.#out = new TextOutput(isDeclared, hold)
  }

  get holds(): boolean {
    return this.#out.holds
  }

  get withheld(): WithheldText {
    return this.#out.withheld
  }

  push(text: string): readonly TextPiece[] {
    this.#held += this.#written.push(text)
    this.#read(false)
    return this.#out.take()
  }

  release(): readonly TextPiece[] {
    this.#out.release()
    return this.#out.take()
  }

  end(): readonly TextPiece[] {
    this.#held += this.#written.end()
    this.#read(true)
    const place = this.#place
    const content = this.#content
    this.#place = { in: 'words' }
    this.#content = ''
    if (place.in === 'call') this.#called(content, place.tool)
    else if (place.in === 'header')
      this.#out.words(/^<\|\w+\|>\s*\w*\s*$/u.test(content) ? '' : content.replace(BARRED, ''))
    // An inner tag was never closed: what stands behind the last closing tag is the answer all the same.
    else if (place.in === 'thought' && content !== '') {
      this.#out.trim()
      this.#out.words(content)
    }
    this.#out.release()
    return this.#out.take()
  }

  endInThought(): void {
    this.#held += this.#written.end()
    this.#read(true)
    this.#out.drop()
  }

  #read(ended: boolean): void {
    while (this.#held !== '') {
      if (this.#place.in === 'json') {
        if (!this.#readJson(this.#place.from, ended)) return
        continue
      }
      if (this.#place.in === 'python') {
        if (!this.#readPython(this.#place.from, ended)) return
        continue
      }
      const at = this.#held.search(MARK_START)
      const isBare = this.#place.in === 'words' && this.#readBare(at < 0 ? this.#held.length : at, ended)
      if (isBare === 'waits') return
      if (isBare) continue
      this.#plain(this.#cut(at < 0 ? this.#held.length : at))
      if (at < 0) return
      const verdict = judgeMark(this.#held, 0, ended)
      if (verdict.kind === 'wait') return
      if ((verdict.kind === 'json' || verdict.kind === 'python') && this.#place.in === 'words') {
        this.#place = { in: verdict.kind, from: verdict.length }
        continue
      }
      if (isMark(verdict)) this.#mark(verdict, this.#cut(verdict.length))
      else this.#plain(this.#cut(1))
    }
  }

  #cut(length: number): string {
    const written = this.#held.slice(0, length)
    this.#held = this.#held.slice(length)
    if (length > 0) this.#before = written.at(-1)!
    return written
  }

  /** Characters that are part of no mark. */
  #plain(text: string): void {
    if (text === '') return
    const place = this.#place
    if (place.in === 'words') return this.#out.words(text)
    if (place.in === 'thought') {
      this.#out.thought(text)
      if (place.depth > 1 || this.#content === '') return
    }
    if (place.in === 'foreign' || this.#content.length > MAX_CALL_CHARS) return
    this.#content += text
    if (place.in === 'header' && this.#content.length > MAX_HEADER_CHARS) this.#noHeader()
  }

  #mark(mark: Mark, written: string): void {
    switch (this.#place.in) {
      case 'thought':
        return this.#markInThought(this.#place, mark, written)
      case 'call':
        return this.#markInCall(this.#place, mark, written)
      case 'header':
        if (mark.name === 'message') return this.#headerEnded()
        return this.#plain(written)
      case 'foreign':
        return this.#markInForeign(mark, written)
      default:
        return this.#markInWords(mark, written)
    }
  }

  #markInWords(mark: Mark, written: string): void {
    this.#out.trimBlank()
    if (mark.kind === 'thought') {
      if (mark.closes) return this.#out.endUnbegun()
      this.#out.release()
      this.#place = { in: 'thought', depth: 1, channel: false }
    } else if (mark.kind === 'call' && !mark.closes) {
      this.#place = { in: 'call', opener: mark.name }
      this.#content = written
    } else if (mark.kind === 'header') {
      this.#out.release()
      this.#place = { in: 'header' }
      this.#content = written
    } else if (mark.kind === 'foreign') this.#place = { in: 'foreign' }
    else this.#out.token()
  }

  #markInThought(place: Place & { in: 'thought' }, mark: Mark, written: string): void {
    if (place.channel) {
      if (mark.kind === 'header') {
        this.#leave()
        return this.#markInWords(mark, written)
      }
      if (ENDS_CHANNEL.test(mark.name)) this.#leave()
      return
    }
    if (mark.kind !== 'thought') return this.#plain(written)
    place.depth += mark.closes ? -1 : 1
    if (place.depth === 0) return this.#leave()
    this.#content = mark.closes ? ' ' : ''
  }

  #markInCall(place: Place & { in: 'call' }, mark: Mark, written: string): void {
    const ends = place.tool !== undefined ? ENDS_CHANNEL.test(mark.name) : endsCall(place.opener, mark)
    if (!ends) return this.#plain(written)
    const content = this.#content
    this.#leave()
    this.#called(content, place.tool)
    if (mark.kind === 'header') this.#markInWords(mark, written)
  }

  /** Behind words of the answer the model goes on talking to itself; before them it only repeats what it was told. */
  #markInForeign(mark: Mark, written: string): void {
    if (!this.#out.isBlank) return
    if (mark.kind === 'token' && OWN_TURN.test(mark.name)) this.#leave()
    else if (mark.kind === 'header') this.#markInWords(mark, written)
  }

  /** What has no message behind it is no header. */
  #noHeader(): void {
    const words = this.#content.replace(BARRED, '')
    this.#leave()
    this.#out.words(words)
  }

  #headerEnded(): void {
    const header = this.#content
    this.#leave()
    const role = /^<\|start\|>\s*(\w+)/u.exec(header)?.[1]
    const channel = /<\|channel\|>\s*(\w+)/u.exec(header)?.[1]
    const tool = /\bto=([\w./:-]+)/u.exec(header)?.[1]
    if (role !== undefined && !isOwnRole(role)) this.#place = { in: 'foreign' }
    else if (tool !== undefined && !/^(?:user|all|assistant)$/.test(tool)) {
      this.#place = { in: 'call', opener: 'message', tool }
    } else if (channel === 'analysis') this.#place = { in: 'thought', depth: 1, channel: true }
  }

  #leave(): void {
    this.#place = { in: 'words' }
    this.#content = ''
    this.#out.trimBlank()
  }

  #called(content: string, tool: string | undefined): void {
    const args = tool === undefined ? undefined : content.replace(BARRED, '').trim()
    this.#out.calls(
      tool === undefined ? readWrittenCalls(content) : [{ name: tool, arguments: args || '{}' }],
    )
  }

  /** Reads a call with no mark around it, or words up to where one might be; `false`: up to `until` there is none. */
  #readBare(until: number, ended: boolean): boolean | 'waits' {
    const from = this.#bare.search(this.#held, this.#before, until)
    if (from < 0) return false
    this.#plain(this.#cut(from))
    const verdict = this.#bare.judge(this.#held, ended)
    if (verdict.kind === 'wait') return 'waits'
    if (verdict.kind === 'call') {
      this.#cut(verdict.length)
      this.#out.calls(verdict.calls)
    } else this.#plain(this.#cut(1))
    return true
  }

  /** Whether it is known by now what the object is. */
  #readJson(from: number, ended: boolean): boolean {
    const held = this.#held.slice(0, MAX_OBJECT_CHARS)
    const end = jsonEnd(held, from)
    if (end === undefined && !ended && held.length < MAX_OBJECT_CHARS) return false
    this.#place = { in: 'words' }
    const calls = end === undefined ? [] : callsInJson(parseJson(held.slice(from, end)))
    if (calls.length > 0) {
      this.#cut(end!)
      this.#out.calls(calls)
    } else if (end === undefined && looksLikeCall(held)) {
      this.#place = { in: 'call', opener: 'json' }
      this.#content = this.#cut(from + 1)
    } else this.#out.words(this.#cut(from + 1))
    return true
  }

  /** Whether it is known by now what the list is; one that begins with no declared tool is words. */
  #readPython(from: number, ended: boolean): boolean {
    const held = this.#held.slice(0, MAX_OBJECT_CHARS)
    const isFenced = from > 0
    const name = PYTHON_NAME.exec(held.slice(from))?.[1]
    if (!isFenced && !(name !== undefined && this.#isDeclared(name))) {
      this.#place = { in: 'words' }
      this.#out.words(this.#cut(1))
      return true
    }
    const end = isFenced ? fenceEnd(held, from) : bracketEnd(held, 0)
    if (end === undefined && !ended && held.length < MAX_OBJECT_CHARS) return false
    this.#place = { in: 'words' }
    const written = this.#cut(end ?? held.length)
    // A call that cannot be read, or a piece of a program: nobody wants to hear either.
    this.#out.calls(readPythonicCalls(written.slice(from).replace(/```$/u, '').trim())?.calls ?? [])
    return true
  }
}

const PYTHON_NAME = /^\[\s*([A-Za-z_][\w.]*?)(?:\.call)?\(/u

const BARRED = /<[|｜][^|｜<>\n]*[|｜]>/gu
