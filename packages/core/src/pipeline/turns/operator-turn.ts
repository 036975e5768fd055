import type { OperatorLine, TurnAction, TurnRulesOptions, TurnState, TurnStep } from './turn-state.ts'
import { saidText, startIdle, step, stop } from './turn-steps.ts'

/** The rules for what operators do. */
export function operatorSays(state: TurnState, line: OperatorLine): TurnStep {
  const waiting = { ...state, operatorLines: [...state.operatorLines, line] }
  return line.at === 'once' ? silenced(waiting) : step(waiting)
}

export function operatorInterrupts(state: TurnState, options: TurnRulesOptions): TurnStep {
  if (state.agent === 'silent') return step(state)
  const silent = silenced(state)
  if (state.voice || saidText(state) !== '') return silent
  const idle = startIdle(silent.state, options)
  return step(idle.state, ...silent.actions, ...idle.actions)
}

/** Whatever rule brought it about: where nobody speaks any more, what an operator has written is said. */
export function sayWaiting(before: TurnStep): TurnStep {
  const { state, actions } = before
  const [line, ...rest] = state.operatorLines
  if (line === undefined || state.agent !== 'silent' || state.givingUp) return before
  const callerHasTheWord = state.voice || state.keying || saidText(state) !== ''
  if (callerHasTheWord && line.at === 'turn') return before
  const next: TurnState = {
    ...state,
    agent: 'thinking',
    answering: false,
    shielded: line.at === 'once',
    idle: 'off',
    operatorLines: rest,
  }
  const say: TurnAction =
    'text' in line ? { type: 'say-once', text: line.text } : { type: 'press-keys', digits: line.digits }
  return step(next, ...actions, stop('idle'), say)
}

function silenced(state: TurnState): TurnStep {
  if (state.agent === 'silent') return step(state)
  const next: TurnState = { ...state, agent: 'silent', shielded: false, held: false, idle: 'off' }
  return step(next, stop('barge-in'), stop('false-start'), stop('idle'), {
    type: state.agent === 'speaking' ? 'interrupt' : 'cancel-reply',
    by: 'operator',
  })
}
