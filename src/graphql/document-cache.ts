import { LRUCache } from 'lru-cache';

/** Characters. What a document is parsed into takes up to some hundred times their space. */
const maxCharacters = 1024 * 1024;

/**
 * Creates a memory of documents, or of what was made of the documents that are its keys. It is bounded by their length:
 * a bound to their number would let anybody fill it with large ones.
 */
export function createDocumentCache<Value extends object | string>(): LRUCache<string, Value> {
  return new LRUCache({
    maxSize: maxCharacters,
    sizeCalculation: (value, key) => key.length + (typeof value === 'string' ? value.length : 1),
  });
}
