import { valueAtPath } from '../../kit/http/value-at-path.ts';

/** An error of JSON:API. https://jsonapi.org/format/#error-objects (2022) */
export interface PointedError {
  readonly code: string;
  readonly detail: string;
  /** Place of the row that it speaks of; `null` where it names none. */
  readonly place: number | null;
}

/** Reads one: `/data/attributes/profiles/data/3/attributes/email` speaks of the fourth row. */
export function readError(error: unknown): PointedError {
  const text = (path: string): string => {
    const value = valueAtPath(error, path);
    return typeof value === 'string' ? value : '';
  };
  const [, place] = /\/data\/(\d+)(?:\/|$)/.exec(text('source.pointer')) ?? [];
  return {
    code: text('code') || 'refused',
    detail: text('detail') || text('title'),
    place: place === undefined ? null : Number(place),
  };
}

/** The errors of a refused request, where each of them names a row; `null` where one does not. */
export function placesNamed(body: unknown): readonly (PointedError & { readonly place: number })[] | null {
  const errors = valueAtPath(body, 'errors');
  if (!Array.isArray(errors) || errors.length === 0) return null;
  const read = errors.map(readError);
  const placed = read.filter((error): error is PointedError & { place: number } => error.place !== null);
  return placed.length === read.length ? placed : null;
}
