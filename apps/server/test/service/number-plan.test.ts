import type { LoadedPipeline, Problem } from '@kav/core/host'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Answering, NumberPlan, numberProblems } from '../../src/service/number-plan.ts'

const plan = (...members: readonly (readonly [Answering, string])[]) => new NumberPlan(members)
const only = (...numbers: string[]): Answering => ({ numbers, default: false })
const OTHERS: Answering = { default: true }
const ANY: Answering = { default: false }

describe('a called number', () => {
  it('is answered by the pipeline that names it, and any other by the default one', () => {
    const two = plan([only('+15550100', '+15550101'), 'sales'], [OTHERS, 'desk'])
    expect(['+15550100', '+15550101', '+15550199', undefined].map((to) => two.memberFor(to))).toEqual([
      'sales',
      'sales',
      'desk',
      'desk',
    ])
  })

  it('is answered by a pipeline that stands alone, unless that names its own', () => {
    expect(plan([ANY, 'desk']).memberFor('+15550199')).toBe('desk')
    expect(plan([only('+15550100'), 'desk']).memberFor('+15550199')).toBeUndefined()
    expect(plan([only('+15550100'), 'desk']).memberFor(undefined)).toBeUndefined()
    expect(plan([{ numbers: ['+15550100'], default: true }, 'desk']).memberFor('+15550199')).toBe('desk')
  })

  it.each([
    ['+15550100', ' +1 (555) 01-00 '],
    ['+15550100', 'tel:+1.555.0100'],
    ['sip:desk@pbx.example.com', 'SIP:Desk@PBX.example.com;user=phone;transport=tls'],
  ])('is known in another spelling: %s', (named, called) => {
    expect(plan([only(named), 'desk']).memberFor(called)).toBe('desk')
  })

  it('is nobody’s only when no pipeline names it and none is the default', () => {
    const number = fc.constantFrom('+15550100', '+15550101', '+15550102')
    fc.assert(
      fc.property(fc.array(number), fc.array(number), fc.boolean(), number, (one, two, others, called) => {
        const members = plan([only(...one), 'one'], [{ numbers: two, default: others }, 'two'])
        const named = [...(two.includes(called) ? ['two'] : []), ...(one.includes(called) ? ['one'] : [])]
        expect([...named, ...(others ? ['two'] : []), undefined]).toContain(members.memberFor(called))
        expect(members.memberFor(called) === undefined).toBe(named.length === 0 && !others)
      }),
    )
  })
})

describe('pipelines behind one transport', () => {
  const pipeline = (name: string, answering: Answering): LoadedPipeline =>
    ({
      file: `${name}.yaml`,
      config: { name, ...answering },
      problemAt: (path: readonly (string | number)[], message: string): Partial<Problem> => ({
        path: `${name}: ${path.join('.')}`,
        message,
      }),
    }) as unknown as LoadedPipeline
  const told = (...pipelines: readonly LoadedPipeline[]) =>
    numberProblems(pipelines).map(({ path, message }) => `${path}: ${message}`)

  it('have to be told apart', () => {
    expect(told(pipeline('desk', ANY))).toEqual([])
    expect(told(pipeline('desk', OTHERS), pipeline('sales', only('+15550100')))).toEqual([])
    expect(told(pipeline('desk', ANY), pipeline('sales', OTHERS))).toEqual([
      'desk: transport: "sales" (sales.yaml) has the same transport: write which numbers this one answers (numbers: ["+15551234567"]), or default: true',
    ])
  })

  it('cannot both answer a number, or all the others', () => {
    const [desk, sales] = [pipeline('desk', only('+15550100')), pipeline('sales', only('+1', '+15550100'))]
    expect(told(desk, sales)).toEqual([
      'sales: numbers.1: "+15550100" is also answered by "desk" (desk.yaml)',
    ])
    expect(told(pipeline('desk', OTHERS), pipeline('sales', OTHERS))).toEqual([
      'sales: default: "desk" (desk.yaml) is the default of this transport already',
    ])
  })
})
