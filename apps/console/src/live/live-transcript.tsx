import { useEffect, useRef, useState } from 'preact/hooks'
import { AgentWords } from '../conversation/agent-words.tsx'
import { splitHeard, splitHeardChars } from '../conversation/heard-text.ts'
import { Legend } from '../conversation/legend.tsx'
import { clockOf } from '../text/format.ts'
import { SpokenText } from '../text/spoken-text.tsx'
import { createAnnouncements, TELL_EVERY_MS } from './announcements.ts'
import { wordsShown } from './caller-words.ts'
import type { LiveCallState, LiveLine } from './live-call-state.ts'

/** How near its end it must be scrolled to be taken along with it. */
const NEAR_END_PX = 60

/** What was said so far. It stays at its end, unless somebody scrolled away from there. */
export function LiveTranscript({ state }: { state: LiveCallState }) {
  const box = useRef<HTMLDivElement>(null)
  const follows = useRef(true)
  const saying = wordsShown(state.words)
  useEffect(() => {
    if (follows.current && box.current) box.current.scrollTop = box.current.scrollHeight
  }, [state.lines, saying])

  return (
    <section class="panel" aria-labelledby="transcript-title">
      <header>
        <h2 id="transcript-title">Transcript</h2>
        <Legend live />
      </header>
      {/* Focusable, so that it can be scrolled by keys. */}
      <div
        class="live-transcript"
        ref={box}
        tabIndex={0}
        role="group"
        aria-labelledby="transcript-title"
        onScroll={({ currentTarget }) => {
          const { scrollHeight, scrollTop, clientHeight } = currentTarget
          follows.current = scrollHeight - scrollTop - clientHeight < NEAR_END_PX
        }}
      >
        {state.lines.length === 0 && saying === undefined && <p class="empty">Nothing was said yet.</p>}
        <ol class="lines">
          {state.lines.map((line) => (
            <Line key={line.key} line={line} />
          ))}
          {saying !== undefined && (
            <li class="line caller partial">
              <span class="at" />
              <span class="who">Caller</span>
              <span class="words" dir="auto">
                <SpokenText text={saying} /> …
              </span>
            </li>
          )}
        </ol>
      </div>
      <Announcer lines={state.lines} />
    </section>
  )
}

function Line({ line }: { line: LiveLine }) {
  const { who, text, heard, heardChars, settled } = line
  const isRunning = !settled && heard === undefined && who === 'agent'
  const words = isRunning ? splitHeardChars(text, heardChars ?? 0) : splitHeard(text, heard)
  return (
    <li class={`line ${who}`}>
      <span class="at number">{clockOf(line.atMs)}</span>
      <span class="who">{who === 'caller' ? 'Caller' : 'Agent'}</span>
      <span class="words" dir="auto">
        {who === 'caller' ? <SpokenText text={text} /> : <AgentWords words={words} pending={isRunning} />}
      </span>
    </li>
  )
}

/** Tells a screen reader what was said, line by line and not too often. */
function Announcer({ lines }: { lines: readonly LiveLine[] }) {
  const [told, setTold] = useState('')
  const latest = useRef(lines)
  latest.current = lines
  useEffect(() => {
    const announcements = createAnnouncements(latest.current)
    const timer = setInterval(() => {
      const text = announcements.next(latest.current)
      if (text !== '') setTold(text)
    }, TELL_EVERY_MS)
    return () => clearInterval(timer)
  }, [])
  return (
    <p class="only-heard" aria-live="polite" dir="auto">
      {told}
    </p>
  )
}
