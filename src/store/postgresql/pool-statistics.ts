import type { Pool } from 'pg';
import type { Statistic } from '../../telemetry/metrics.ts';

/** The metrics of the connections to a PostgreSQL server. */
export function statisticsOf(pool: Pool): readonly Statistic[] {
  return [
    {
      name: 'database_pool_connections',
      help: 'Connections to PostgreSQL, idle ones included.',
      type: 'gauge',
      read: () => pool.totalCount,
    },
    {
      name: 'database_pool_idle_connections',
      help: 'Connections to PostgreSQL that nobody uses.',
      type: 'gauge',
      read: () => pool.idleCount,
    },
    {
      name: 'database_pool_waiting',
      help: 'Statements and transactions that wait for a connection.',
      type: 'gauge',
      read: () => pool.waitingCount,
    },
  ];
}
