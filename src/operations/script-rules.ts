import type { Limits } from '../config.ts';
import { BadUserInputError } from '../errors.ts';
import type { JsonObject } from '../json/json-object.ts';
import { byteLength, findJsonFault, findTextFault } from '../json/json-value.ts';
import type { MetadataPath } from '../json/metadata-path.ts';
import type { ScriptFilter } from '../store/store.ts';

const maxMetadataConditions = 20;
const maxMetadataMembers = 1_000;

/** The rules of input. Each check throws a BadUserInputError that names the argument, the rule and the limit. */
export function createScriptRules(limits: Limits) {
  return {
    checkName(name: string): void {
      if (name.trim() === '') throw new BadUserInputError('name', 'it must not be empty.');
      checkLength('name', name, limits.maxNameLength);
      checkText('name', name);
    },

    checkSource(script: string): void {
      if (script.trim() === '') throw new BadUserInputError('script', 'it must not be empty.');
      checkSize('script', byteLength(script), limits.maxScriptBytes);
      checkText('script', script);
    },

    checkConfig(config: JsonObject): void {
      checkDocument('config', config, limits.maxConfigBytes);
    },

    checkMetadata(metadata: JsonObject): void {
      checkDocument('metadata', metadata, limits.maxMetadataBytes);
      checkKeys('metadata', metadata);
    },

    /** @param path - to the object that gets the members; empty for the root */
    checkMetadataMembers(path: MetadataPath, members: JsonObject): void {
      const entries = Object.entries(members);
      if (entries.length === 0) {
        throw new BadUserInputError('metadata', 'it sets nothing. Give at least one key.');
      }
      if (entries.length > maxMetadataMembers) {
        throw new BadUserInputError(
          'metadata',
          `it has ${entries.length} keys; ${maxMetadataMembers} are allowed at once.`,
        );
      }
      for (const [key, value] of entries) {
        checkPath([...path, key]);
        checkMetadataValue([...path, key], value);
      }
    },

    checkPath,

    checkFirst(first: number | undefined): void {
      if (first === undefined) return;
      if (first < 0 || first > limits.maxListSize) {
        throw new BadUserInputError('first', `it must be from 0 to ${limits.maxListSize}, not ${first}.`);
      }
    },

    /** @param entries - UUIDs or representations, the value of the argument */
    checkBatch(entries: readonly unknown[], argument = 'uuids'): void {
      if (entries.length > limits.maxBatchSize) {
        throw new BadUserInputError(
          argument,
          `it has ${entries.length} entries; ${limits.maxBatchSize} are allowed at once.`,
        );
      }
    },

    checkFilter(filter: ScriptFilter): void {
      for (const condition of ['equals', 'contains'] as const) {
        const text = filter.name?.[condition];
        if (text === undefined) continue;
        checkLength(`filter.name.${condition}`, text, limits.maxNameLength);
        checkText(`filter.name.${condition}`, text);
      }
      const conditions = filter.metadata ?? [];
      if (conditions.length > maxMetadataConditions) {
        throw new BadUserInputError(
          'filter.metadata',
          `it has ${conditions.length} conditions; ${maxMetadataConditions} are allowed.`,
        );
      }
      for (const condition of conditions) {
        checkPath(condition.path, 'filter.metadata.path');
        if (condition.isSet === undefined && !('equals' in condition)) {
          throw new BadUserInputError('filter.metadata', 'a condition needs "isSet" or "equals".');
        }
        if ('equals' in condition) {
          checkJson('filter.metadata.equals', condition.equals, limits.maxMetadataDepth);
          checkSize(
            'filter.metadata.equals',
            byteLength(JSON.stringify(condition.equals)),
            limits.maxMetadataBytes,
          );
        }
      }
    },
  };

  function checkMetadataValue(path: MetadataPath, value: unknown): void {
    if (value === undefined) {
      throw new BadUserInputError('value', 'it is missing. To store null, say so: value: null.');
    }
    checkJson('value', value, limits.maxMetadataDepth - path.length);
    checkSize('value', byteLength(JSON.stringify(value)), limits.maxMetadataBytes);
    checkKeys('value', value);
  }

  function checkPath(path: MetadataPath, argument = 'path'): void {
    if (path.length === 0) throw new BadUserInputError(argument, 'it must name at least one key.');
    if (path.length > limits.maxMetadataPathLength) {
      throw new BadUserInputError(
        argument,
        `it has ${path.length} keys; ${limits.maxMetadataPathLength} are allowed.`,
      );
    }
    for (const key of path) checkKey(argument, key);
  }

  function checkKey(argument: string, key: string): void {
    const size = byteLength(key);
    if (size > limits.maxMetadataKeyBytes) {
      throw new BadUserInputError(
        argument,
        `a key has ${size} bytes; ${limits.maxMetadataKeyBytes} are allowed.`,
      );
    }
    checkText(argument, key);
  }

  function checkKeys(argument: string, value: unknown): void {
    if (typeof value !== 'object' || value === null) return;
    for (const [key, member] of Object.entries(value)) {
      checkKey(argument, key);
      checkKeys(argument, member);
    }
  }

  function checkDocument(argument: string, document: JsonObject, maxBytes: number): void {
    checkJson(argument, document, limits.maxMetadataDepth);
    checkSize(argument, byteLength(JSON.stringify(document)), maxBytes);
  }

  function checkJson(argument: string, value: unknown, maxDepth: number): void {
    const fault = findJsonFault(value, maxDepth);
    if (fault === undefined) return;
    const depth = /nested/.test(fault) ? ` At most ${limits.maxMetadataDepth} levels are allowed.` : '';
    throw new BadUserInputError(argument, fault + depth);
  }
}

/**
 * @param maxLength - in characters, Unicode code points
 * @throws BadUserInputError
 */
export function checkLength(argument: string, text: string, maxLength: number): void {
  // Code points need not be counted in most texts.
  if (text.length <= maxLength) return;
  let length = 0;
  for (const _ of text) length += 1;
  if (length > maxLength) {
    throw new BadUserInputError(argument, `it has ${length} characters; ${maxLength} are allowed.`);
  }
}

function checkText(argument: string, text: string): void {
  const fault = findTextFault(text);
  if (fault !== undefined) throw new BadUserInputError(argument, fault);
}

function checkSize(argument: string, bytes: number, maxBytes: number): void {
  if (bytes > maxBytes) {
    throw new BadUserInputError(argument, `it has ${bytes} bytes; ${maxBytes} are allowed.`);
  }
}
