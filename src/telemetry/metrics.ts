import cluster from 'node:cluster';
import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { httpStatusByCode } from '../errors.ts';
import { CounterSeries, HistogramSeries } from './series.ts';
import { shareMetrics } from './worker-metrics.ts';

/** The metrics for Prometheus. Each process counts from its start; the metrics of workers are added up. */
export interface Metrics {
  /** By API (the label `doorway`: `graphql`, `rest` or `other`), method, and status or `aborted`. */
  readonly requests: HistogramSeries;
  /** By type: `query` or `mutation`. */
  readonly operations: HistogramSeries;
  /** By type and field. */
  readonly rootFields: CounterSeries;
  /** By code. */
  readonly errors: CounterSeries;
  /** By kind of permission, such as `dtrace->_->get`. */
  readonly refusals: CounterSeries;
  readonly failedSignIns: CounterSeries;
  /** Adds a number that is read whenever the metrics are printed. */
  add(statistic: Statistic): void;
  /** All metrics in Prometheus' text format. */
  print(): Promise<{ readonly text: string; readonly contentType: string }>;
}

/** A number: a gauge goes up and down, a counter only up. */
export interface Statistic {
  /** Without the common prefix. */
  readonly name: string;
  readonly help: string;
  readonly type: 'gauge' | 'counter';
  read(): number;
}

const prefix = 'dtrace_gateway_';

/** @param about - facts about this build, the labels of `dtrace_gateway_build_info` */
export function createMetrics(about: Readonly<Record<string, string>>): Metrics {
  const registry = new Registry();
  const printAll = cluster.isWorker ? shareMetrics(registry) : () => registry.metrics();
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: `${prefix}build_info`,
    help: 'Always 1; the labels describe the running build.',
    labelNames: Object.keys(about),
    aggregator: 'first',
    registers: [registry],
  }).set({ ...about }, 1);

  const counter = (name: string, help: string, ...labelNames: string[]) =>
    new CounterSeries(registry, { name: prefix + name, help, labelNames });
  const histogram = (name: string, help: string, ...labelNames: string[]) =>
    new HistogramSeries(registry, { name: prefix + name, help, labelNames });

  const errors = counter('errors_total', 'Errors in answers, by code.', 'code');
  for (const code of Object.keys(httpStatusByCode)) errors.of(code);
  const failedSignIns = counter('failed_sign_ins_total', 'Requests with a token that is not valid.');
  failedSignIns.of('');

  return {
    requests: histogram(
      'http_request_duration_seconds',
      'Duration of HTTP requests, from the head to the end of the answer.',
      'doorway',
      'method',
      'status',
    ),
    operations: histogram(
      'graphql_operation_duration_seconds',
      'Duration of executed GraphQL operations.',
      'type',
    ),
    rootFields: counter(
      'graphql_root_fields_total',
      'Root fields of executed GraphQL operations.',
      'type',
      'field',
    ),
    errors,
    refusals: counter(
      'permission_refusals_total',
      'Refusals because of a missing permission, by its kind.',
      'permission',
    ),
    failedSignIns,
    add: ({ name, help, type, read }) => {
      const options = { name: prefix + name, help, registers: [registry] };
      if (type === 'gauge') {
        new Gauge({
          ...options,
          collect() {
            this.set(read());
          },
        });
      } else {
        new Counter({
          ...options,
          collect() {
            this.reset();
            this.inc(read());
          },
        });
      }
    },
    print: async () => ({ text: await printAll(), contentType: registry.contentType }),
  };
}
