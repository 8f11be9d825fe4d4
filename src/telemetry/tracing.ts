import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Attributes,
  context,
  DiagLogLevel,
  diag,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { readGatewayVersion } from './gateway-version.ts';
import { type Logger, shorten } from './logger.ts';

/** A request, with its id and its unchanged address. */
export interface TracedRequest {
  readonly id: string;
  readonly originalUrl: string;
  readonly raw: IncomingMessage;
}

/** Spans for requests, operations and statements. Loaded only if an exporter is configured. */
export interface Tracing {
  /** Handles a request in a span. The span continues the trace of the header `traceparent`. */
  request(request: TracedRequest, response: ServerResponse, route: string, handle: () => void): void;
  /** Executes a GraphQL operation in a span. */
  operation<T>(type: string, name: string | undefined, execute: () => T): T;
  /** Runs a statement in a span, if the request is traced. Never pass values in `sql`. */
  statement<T>(system: string, sql: string, run: () => Promise<T>): Promise<T>;
  /** Sends the remaining spans, within a time limit. */
  stop(): Promise<void>;
}

const stopTimeoutMs = 2_000;
const troubleLogIntervalMs = 60_000;
const maxStatementLength = 2_000;

/** Starts the export of spans. The libraries read the standard variables `OTEL_…` themselves. */
export function startTracing(log: Logger): Tracing {
  let nextTroubleAtMs = 0;
  const reportTrouble = (message: string) => {
    if (performance.now() < nextTroubleAtMs) return;
    nextTroubleAtMs = performance.now() + troubleLogIntervalMs;
    log.warn({ event: 'tracing-failed', reason: shorten(message) });
  };
  const ignore = () => {};
  // Warnings are ignored: they may contain the headers of the exporter, with secrets.
  diag.setLogger(
    { error: reportTrouble, warn: ignore, info: ignore, debug: ignore, verbose: ignore },
    DiagLogLevel.ERROR,
  );
  const about = { 'service.name': 'dtrace-gateway', 'service.version': readGatewayVersion() };
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes(about).merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  });
  provider.register();
  const tracer = trace.getTracer('dtrace-gateway');

  return {
    request(request, response, route, handle) {
      const { id, originalUrl, raw } = request;
      const { method = '', headers } = raw;
      const attributes: Attributes = {
        'http.request.method': method,
        'http.route': route,
        'url.path': shorten(originalUrl.replace(/\?.*/s, '')),
        'dtrace_gateway.request_id': id,
      };
      const parent = propagation.extract(ROOT_CONTEXT, headers);
      const span = tracer.startSpan(`${method} ${route}`, { kind: SpanKind.SERVER, attributes }, parent);
      response.on('close', () => {
        const { statusCode, writableFinished } = response;
        if (writableFinished) span.setAttribute('http.response.status_code', statusCode);
        if (!writableFinished || statusCode >= 500) {
          span.setAttribute('error.type', writableFinished ? String(statusCode) : 'aborted');
          span.setStatus({ code: SpanStatusCode.ERROR });
        }
        span.end();
      });
      const within = trace.setSpan(parent, span);
      // Events of a socket do not belong to a request unless they are bound to it.
      context.bind(within, raw);
      context.bind(within, response);
      context.with(within, handle);
    },

    operation(type, name, execute) {
      const attributes: Attributes = { 'graphql.operation.type': type };
      if (name !== undefined) attributes['graphql.operation.name'] = shorten(name);
      return tracer.startActiveSpan(type, { attributes }, (span) => endWith(span, execute));
    },

    statement(system, sql, run) {
      if (!trace.getActiveSpan()?.isRecording()) return run();
      const operation = /\w+/.exec(sql)?.[0]?.toUpperCase() ?? system;
      const attributes: Attributes = {
        'db.system.name': system,
        'db.operation.name': operation,
        'db.query.text': sql.slice(0, maxStatementLength),
      };
      const span = tracer.startSpan(operation, { kind: SpanKind.CLIENT, attributes });
      return endWith(span, run);
    },

    async stop() {
      // Spans that cannot be sent are lost; the failure has been logged.
      await Promise.race([provider.shutdown().catch(() => {}), sleep(stopTimeoutMs)]);
    },
  };
}

/** The ids of the current trace and span, for log lines. */
export function traceFacts(): Readonly<Record<string, string>> {
  const span = trace.getActiveSpan()?.spanContext();
  return span === undefined ? {} : { traceId: span.traceId, spanId: span.spanId };
}

/** Runs an action, then ends the span. The span has only the name of an error: messages may contain values. */
function endWith<T>(span: Span, action: () => T): T {
  const fail = (error: unknown) => {
    span.setAttribute('error.type', error instanceof Error ? error.name : 'unknown');
    span.setStatus({ code: SpanStatusCode.ERROR });
    span.end();
  };
  try {
    const result = action();
    if (result instanceof Promise) result.then(() => span.end(), fail);
    else span.end();
    return result;
  } catch (error) {
    fail(error);
    throw error;
  }
}
