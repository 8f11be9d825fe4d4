import cluster from 'node:cluster';
import { AggregatorRegistry, type Registry } from 'prom-client';

/** Between a worker that is asked for metrics and the process that can ask all workers. */
interface Message {
  readonly type: 'metrics';
  readonly id: number;
  readonly text?: string | undefined;
}

const timeoutMs = 6_000;

/** In the process that watches over the workers: adds up their metrics for whichever of them asks. */
export function answerForAllWorkers(): void {
  const registry = new AggregatorRegistry();
  cluster.on('message', async (worker, message: Message) => {
    if (message.type !== 'metrics') return;
    const text = await registry.clusterMetrics().catch(() => undefined);
    if (worker.isConnected()) worker.send({ ...message, text });
  });
}

/**
 * In a worker: has the registry read whenever any worker is asked.
 *
 * @returns what prints the metrics of all workers together; it rejects when they do not answer in time
 */
export function shareMetrics(registry: Registry): () => Promise<string> {
  // Once there is one, it answers the other process.
  new AggregatorRegistry();
  AggregatorRegistry.setRegistries(registry);
  const waiting = new Map<number, (text: string | undefined) => void>();
  let last = 0;
  process.on('message', ({ type, id, text }: Message) => {
    if (type === 'metrics') waiting.get(id)?.(text);
  });

  return async () => {
    last += 1;
    const id = last;
    const answer = new Promise<string | undefined>((resolve) => {
      waiting.set(id, resolve);
      setTimeout(() => resolve(undefined), timeoutMs).unref();
    });
    process.send?.({ type: 'metrics', id } satisfies Message);
    const text = await answer;
    waiting.delete(id);
    if (text === undefined) throw new Error('Not all workers told their metrics in time.');
    return text;
  };
}
