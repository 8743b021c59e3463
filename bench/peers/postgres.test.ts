import { describe, expect, it } from 'vitest';
import { folderWithAll, placesOf, versionOf } from './postgres.ts';
import { pairOf } from './postgres-ledger.ts';

describe('where the programs of PostgreSQL are', () => {
  const folders: Record<string, string[]> = {
    '/usr/lib/postgresql': ['9.6', '15', '17', 'notes'],
    '/usr': ['bin', 'pgsql-16'],
    '/opt/homebrew/opt': ['postgresql@14', 'redis'],
  };
  const places = placesOf('/a:/b', (folder) => folders[folder] ?? []);

  it('PATH comes first, then what packages install, the newest first', () => {
    expect(places).toEqual([
      '/a',
      '/b',
      '/usr/lib/postgresql/17/bin',
      '/usr/lib/postgresql/15/bin',
      '/usr/lib/postgresql/9.6/bin',
      '/usr/pgsql-16/bin',
      '/opt/homebrew/opt/postgresql@14/bin',
    ]);
  });

  it('an empty PATH is no folder', () => {
    expect(placesOf('', () => [])).toEqual([]);
  });

  it('a folder with one of them is not enough: a client alone brings no server', () => {
    const files = new Set(['/a/initdb', '/usr/lib/postgresql/15/bin/initdb', '/usr/lib/postgresql/15/bin/postgres']);
    expect(folderWithAll(places, (file) => files.has(file))).toBe('/usr/lib/postgresql/15/bin');
    expect(folderWithAll(places, () => false)).toBeUndefined();
  });

  it('the version is what follows the name', () => {
    expect(versionOf('postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n')).toBe('15.18 (Debian 15.18-0+deb12u1)');
    expect(versionOf('')).toBe('of unknown version');
  });
});

describe('a pair for PostgreSQL', () => {
  const [paid, earned] = pairOf('usr_payer', 'usr_payee', 5);

  it('is of the shape of ours: each half between its owner and the house, in its own unit', () => {
    expect(paid).toMatchObject({ own: 'usr_payer:COIN', house: 'house:revenue:COIN', unit: 'COIN', amount: -60, created_at: 5 });
    expect(earned).toMatchObject({ own: 'usr_payee:EARN', house: 'house:earned:EARN', unit: 'EARN', amount: 30, created_at: 5 });
  });

  it('has a key for each half, of one call, and a hash of what it means', () => {
    expect(paid.key).toBe(`call:${paid.ref}:payer:0`);
    expect(earned.key).toBe(`call:${paid.ref}:payee:0`);
    expect(pairOf('usr_payer', 'usr_payee', 5)[0].hash).toBe(paid.hash);
    expect(earned.hash).not.toBe(paid.hash);
  });
});
