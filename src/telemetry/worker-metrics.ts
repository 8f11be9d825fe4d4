import cluster from 'node:cluster';
import { AggregatorRegistry, type Registry } from 'prom-client';

/** A message between a worker and the primary process, which can ask all workers. */
interface Message {
  readonly type: 'metrics';
  readonly id: number;
  readonly text?: string | undefined;
}

const timeoutMs = 6_000;

/** In the primary process: adds up the metrics of all workers for a worker that asks. */
export function answerForAllWorkers(): void {
  const registry = new AggregatorRegistry();
  cluster.on('message', async (worker, message: Message) => {
    if (message.type !== 'metrics') return;
    const text = await registry.clusterMetrics().catch(() => undefined);
    if (worker.isConnected()) worker.send({ ...message, text });
  });
}

/**
 * In a worker: shares its registry with the primary process.
 *
 * @returns a function that prints the metrics of all workers; it rejects if they do not answer in time
 */
export function shareMetrics(registry: Registry): () => Promise<string> {
  // Creating one is enough: it answers the primary process.
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
