import { Counter, type Metric, type Registry } from 'prom-client';

/**
 * Numbers by labels, counted while requests are answered. A key holds the values of the labels, separated by spaces.
 * prom-client's own counters and histograms look up labels at every observation, which takes a microsecond. They get
 * these numbers only when metrics are read.
 */
class Series<Child> {
  readonly #children = new Map<string, Child>();
  readonly #create: () => Child;
  readonly #labelNames: readonly string[];

  constructor(labelNames: readonly string[], create: () => Child) {
    this.#labelNames = labelNames;
    this.#create = create;
  }

  of(key: string): Child {
    let child = this.#children.get(key);
    if (child === undefined) {
      child = this.#create();
      this.#children.set(key, child);
    }
    return child;
  }

  /** All children with their labels. */
  get all(): readonly (readonly [labels: Readonly<Record<string, string>>, child: Child])[] {
    return [...this.#children].map(([key, child]) => {
      const values = key.split(' ');
      return [Object.fromEntries(this.#labelNames.map((name, index) => [name, values[index] ?? ''])), child];
    });
  }
}

export type Count = { value: number };

export interface CounterOptions {
  readonly name: string;
  readonly help: string;
  /** Never labels whose values a client can choose freely. */
  readonly labelNames: readonly string[];
}

/** Counters by labels. */
export class CounterSeries extends Series<Count> {
  constructor(registry: Registry, { name, help, labelNames }: CounterOptions) {
    super(labelNames, () => ({ value: 0 }));
    const series = this;
    new Counter({
      name,
      help,
      labelNames: [...labelNames],
      registers: [registry],
      collect() {
        this.reset();
        for (const [labels, { value }] of series.all) this.inc(labels, value);
      },
    });
  }

  count(key: string): void {
    this.of(key).value += 1;
  }
}

/** Histograms of durations in seconds, by labels. */
export class HistogramSeries extends Series<Durations> {
  constructor(registry: Registry, { name, help, labelNames }: CounterOptions) {
    super(labelNames, () => new Durations());
    const get = async () => ({
      name,
      help,
      type: 'histogram',
      aggregator: 'sum',
      values: this.all.flatMap(([labels, durations]) => durations.samples(name, labels)),
    });
    registry.registerMetric({ name, get } as unknown as Metric);
  }
}

/** Upper bounds in seconds: from a read in memory to a wait for an unreachable database. */
const bounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** One histogram of durations. */
export class Durations {
  readonly #counts = bounds.map(() => 0);
  #count = 0;
  #sum = 0;

  observe(seconds: number): void {
    this.#count += 1;
    this.#sum += seconds;
    const index = bounds.findIndex((bound) => seconds <= bound);
    if (index !== -1) this.#counts[index] = (this.#counts[index] ?? 0) + 1;
  }

  /** The samples of the text format: each bucket includes the smaller ones. */
  samples(name: string, labels: Readonly<Record<string, string>>) {
    let total = 0;
    const buckets = bounds.map((le, index) => {
      total += this.#counts[index] ?? 0;
      return { metricName: `${name}_bucket`, labels: { ...labels, le }, value: total };
    });
    return [
      ...buckets,
      { metricName: `${name}_bucket`, labels: { ...labels, le: '+Inf' }, value: this.#count },
      { metricName: `${name}_sum`, labels, value: this.#sum },
      { metricName: `${name}_count`, labels, value: this.#count },
    ];
  }
}
