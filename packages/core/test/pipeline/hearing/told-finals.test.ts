import { expect, it } from 'vitest'
import { ToldFinals } from '../../../src/pipeline/hearing/told-finals.ts'

it('knows a final again by its end and its words, and of the last ones alone', () => {
  const told = new ToldFinals()
  expect(told.add(1000, 'my name is')).toBe('ahead')
  expect(told.add(1000, 'My name is.')).toBe('repeated')
  expect(told.add(1000, 'Dana')).toBe('wrong')
  expect(told.add(500, 'Levi')).toBe('wrong')
  for (let end = 2000; end < 2008; end++) expect(told.add(end, 'yes')).toBe('ahead')
  expect(told.add(1000, 'my name is')).toBe('wrong')
})
