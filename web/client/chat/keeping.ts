/** Where a browser keeps letters, wishes and the bytes of files until the server has them. */
import type { Bytes, Drawer } from './letters.ts';

/** A drawer in `storage`, one entry below `prefix` each. Where nothing can be kept the page's own memory has to do. */
export function storageDrawer<T>(storage: Storage, prefix: string): Drawer<T> {
  return {
    all() {
      const keys = Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? '');
      return keys
        .filter((key) => key.startsWith(prefix))
        .flatMap((key) => {
          try {
            return [JSON.parse(storage.getItem(key) ?? '') as T];
          } catch {
            return [];
          }
        });
    },
    put(id, entry) {
      try {
        storage.setItem(prefix + id, JSON.stringify(entry));
      } catch {
        // Full, or forbidden by the browser: it is still sent, and only a reload would lose it.
      }
    },
    remove: (id) => storage.removeItem(prefix + id),
  };
}

const STORE = 'bytes';

/** Bytes in IndexedDB. `get` and `remove` never reject: what can't be read is not there. */
export function browserBytes(name: string): Bytes {
  let opened: Promise<IDBDatabase> | null = null;
  const open = (): Promise<IDBDatabase> => {
    opened ??= new Promise((done, fail) => {
      const request = indexedDB.open(name, 1);
      request.onupgradeneeded = () => request.result.createObjectStore(STORE);
      request.onsuccess = () => done(request.result);
      request.onerror = () => fail(request.error ?? new Error('the store does not open'));
    });
    return opened;
  };
  const run = async <T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> => {
    const transaction = (await open()).transaction(STORE, mode);
    const request = work(transaction.objectStore(STORE));
    return new Promise((done, fail) => {
      transaction.oncomplete = () => done(request.result);
      transaction.onerror = () => fail(transaction.error ?? new Error('the store does not answer'));
      transaction.onabort = () => fail(transaction.error ?? new Error('the store is full'));
    });
  };
  return {
    async put(id, bytes) {
      await run('readwrite', (store) => store.put(bytes, id));
    },
    async get(id) {
      const found: unknown = await run('readonly', (store) => store.get(id)).catch(() => null);
      return found instanceof Blob ? found : null;
    },
    async remove(id) {
      await run('readwrite', (store) => store.delete(id)).catch(() => undefined);
    },
  };
}
