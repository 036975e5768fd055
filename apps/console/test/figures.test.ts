import { expect, it } from 'vitest'
import { figuresOf } from '../src/figures/figures.ts'
import { histogramOf, quantileOf } from '../src/figures/histogram.ts'
import { samplesOf } from '../src/figures/prometheus-text.ts'
import { FIGURES, NO_FIGURES } from './fake-api/figures.ts'

it('reads metrics as Prometheus writes them, exemplars left out', () => {
  const text =
    '# HELP x y\nx_total{a="b\\"c",d="e\\nf"} 3\nplain 1.5e3\nh_bucket{le="+Inf"} 4 # {trace_id="1"} 0.3\n'
  expect(samplesOf(text)).toEqual([
    { name: 'x_total', labels: { a: 'b"c', d: 'e\nf' }, value: 3 },
    { name: 'plain', labels: {}, value: 1500 },
    { name: 'h_bucket', labels: { le: '+Inf' }, value: 4 },
  ])
})

it('adds a histogram up over its other labels, and finds a quantile as Prometheus does', () => {
  const samples = samplesOf(
    'h_bucket{le="1",p="a"} 1\nh_bucket{le="1",p="b"} 1\nh_bucket{le="2",p="a"} 4\nh_bucket{le="+Inf",p="a"} 8',
  )
  const histogram = histogramOf(samples, 'h', {})
  expect(histogram).toEqual({ upTo: [1, 2, Infinity], counts: [2, 4, 8], count: 8 })
  expect(quantileOf(histogram, 0.25)).toBe(1)
  expect(quantileOf(histogram, 0.375)).toBe(1.5)
  expect(quantileOf(histogram, 0.99)).toBe(2)
  expect(quantileOf(histogramOf([], 'h', {}), 0.5)).toBeUndefined()
})

it('makes the figures of the page of both answers', () => {
  const figures = figuresOf(FIGURES.metrics, FIGURES.readiness)
  expect(figures).toMatchObject({ calls: 3, promised: 1, ready: true })
  expect(figures.totals.find(({ name }) => name === 'Gaps that callers heard')).toMatchObject({
    value: 17,
    bad: true,
  })
  expect(figures.providers.filter(({ state }) => state === 'open')).toMatchObject([
    { provider: 'openai-llm', pipeline: 'front-desk' },
  ])
  expect(quantileOf(figures.latency.first_frame, 0.5)).toBeCloseTo(0.739, 3)
  expect(figuresOf(NO_FIGURES.metrics, NO_FIGURES.readiness).latency.first_frame.count).toBe(0)
})
