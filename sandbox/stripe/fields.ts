/** Reads what a request may say, each in its form; anything else is refused by its name, as Stripe does. */
import type { Form, FormValue } from './form.ts';
import { invalid, unexpected } from './problem.ts';

const MAX_METADATA = { keys: 50, name: 40, text: 500 } as const;

export class Fields {
  readonly #form: Form;
  readonly #path: string;
  readonly #read = new Set<string>();

  constructor(form: Form, path = '') {
    this.#form = form;
    this.#path = path;
  }

  #name(name: string): string {
    return this.#path === '' ? name : `${this.#path}[${name}]`;
  }

  #take(name: string): FormValue | undefined {
    this.#read.add(name);
    const value = this.#form[name];
    return value === '' ? undefined : value;
  }

  has(name: string): boolean {
    return this.#form[name] !== undefined;
  }

  text(name: string): string | undefined {
    const value = this.#take(name);
    if (value === undefined) return undefined;
    if (typeof value !== 'string') throw invalid(`Invalid string: ${this.#name(name)}`, { param: this.#name(name) });
    if (value.length > 5_000) throw invalid(`Invalid string: ${this.#name(name)} is too long`, { param: this.#name(name) });
    return value;
  }

  required(name: string): string {
    const value = this.text(name);
    if (value === undefined)
      throw unexpected('parameter_missing', `Missing required param: ${this.#name(name)}.`, { param: this.#name(name) });
    return value;
  }

  whole(name: string, min: number): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    if (!/^-?\d{1,12}$/.test(value))
      throw unexpected('parameter_invalid_integer', `Invalid integer: ${value}`, { param: this.#name(name) });
    if (Number(value) < min) throw invalid(`This value must be greater than or equal to ${min}.`, { param: this.#name(name) });
    return Number(value);
  }

  flag(name: string): boolean | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    if (value !== 'true' && value !== 'false') throw invalid(`Invalid boolean: ${value}`, { param: this.#name(name) });
    return value === 'true';
  }

  oneOf<const Word extends string>(name: string, words: readonly Word[]): Word | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const word = words.find((known) => known === value);
    if (word) return word;
    throw invalid(`Invalid ${this.#name(name)}: must be one of ${words.join(', ')}`, { param: this.#name(name) });
  }

  currency(name: string): string {
    const value = this.required(name);
    if (!/^[a-z]{3}$/i.test(value)) throw invalid(`Invalid currency: ${value}.`, { param: this.#name(name) });
    return value.toLowerCase();
  }

  url(name: string): string | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    if (!/^https?:\/\/[^\s/]+/.test(value))
      throw unexpected('url_invalid', 'Not a valid URL: URLs must begin with http or https', { param: this.#name(name) });
    return value;
  }

  inside(name: string): Fields | undefined {
    const value = this.#take(name);
    if (value === undefined) return undefined;
    if (typeof value === 'string' || Array.isArray(value)) throw invalid(`Invalid object`, { param: this.#name(name) });
    return new Fields(value, this.#name(name));
  }

  list(name: string): Fields[] {
    return this.#items(name).map((item, n) => {
      if (typeof item === 'string' || Array.isArray(item)) throw invalid(`Invalid object`, { param: `${this.#name(name)}[${n}]` });
      return new Fields(item, `${this.#name(name)}[${n}]`);
    });
  }

  texts(name: string): string[] {
    return this.#items(name).map((item) => {
      if (typeof item !== 'string') throw invalid('Invalid string', { param: this.#name(name) });
      return item;
    });
  }

  #items(name: string): FormValue[] {
    const value = this.#take(name);
    if (value === undefined) return [];
    if (!Array.isArray(value)) throw invalid(`Invalid array`, { param: this.#name(name) });
    return value;
  }

  /** New metadata over old: an empty text takes a key away. */
  metadata(before: Readonly<Record<string, string>> = {}): Record<string, string> {
    this.#read.add('metadata');
    const value = this.#form.metadata;
    if (value === undefined) return { ...before };
    if (value === '') return {};
    if (typeof value === 'string' || Array.isArray(value)) throw invalid('Invalid object', { param: this.#name('metadata') });
    const next: Record<string, string> = { ...before };
    for (const [key, text] of Object.entries(value)) {
      if (typeof text !== 'string' || key.length > MAX_METADATA.name || text.length > MAX_METADATA.text)
        throw invalid('Metadata values must be text of at most 500 characters, its keys of at most 40.', { param: this.#name('metadata') });
      if (text === '') delete next[key];
      else next[key] = text;
    }
    if (Object.keys(next).length > MAX_METADATA.keys) throw invalid('Too many metadata keys.', { param: this.#name('metadata') });
    return next;
  }

  /** Refuses whatever nobody asked for. */
  done(): void {
    const surplus = Object.keys(this.#form).find((name) => !this.#read.has(name));
    if (surplus !== undefined)
      throw unexpected('parameter_unknown', `Received unknown parameter: ${this.#name(surplus)}`, { param: this.#name(surplus) });
  }
}
